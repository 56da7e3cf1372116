package org.capitania.contract.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A beat's time has come ({@code beat.fired}, subject: its name); key: its name. Once a due time, however many supervisors there are.
 *
 * @param role the agent it is for; absent when it is a service's own
 * @param dueAt when it was due, which may be a while ago
 * @param missed due times before this one that went by while nobody looked; they are made up for by this one
 * @param zone the company's time zone, in which its schedule is read
 */
public record BeatFired(String name, @Nullable String role, Instant dueAt, int missed, String zone) {
    public static final String TYPE = "beat.fired";
}
