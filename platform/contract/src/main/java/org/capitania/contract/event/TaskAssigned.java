package org.capitania.contract.event;

/**
 * A task got a driver ({@code task.assigned_to}, subject: the assignee); key: the task.
 *
 * @param assigneeId the contact, or the producer that stands for an agent
 * @param assignee {@code operator}, {@code project:<slug>}, or a contact's slug
 */
public record TaskAssigned(String taskId, String taskSlug, String assigneeId, String assigneeSlug, String assignee) {
    public static final String TYPE = "task.assigned_to";
}
