package org.capitania.registry.catalogue;

import java.util.List;

/**
 * One action of a tool, with the classes that decide how it is treated.
 *
 * @param name the value of {@code action}, or the tool's name where a tool has none
 * @param requires arguments this action cannot do without, beyond those the schema requires of all
 */
public record Verb(String name, ToolScope scope, Risk risk, Idempotency idempotency, List<String> requires) {}
