package org.capitania.servicekit;

import org.capitania.contract.event.Event;
import org.jspecify.annotations.Nullable;

/**
 * In whose name, for which tenant and why something is done; every transaction and every call of a peer carries one.
 *
 * @param causationId the event or call that caused this
 * @param correlationId the task or flow it belongs to
 * @param traceparent the W3C trace context
 */
public record Scope(
        String tenant,
        String actor,
        @Nullable String reason,
        @Nullable String causationId,
        @Nullable String correlationId,
        @Nullable String traceparent) {

    public Scope {
        if (tenant.isBlank() || actor.isBlank()) {
            throw new IllegalArgumentException("a scope needs a tenant and an actor");
        }
    }

    public static Scope of(String tenant, String actor, @Nullable String reason) {
        return new Scope(tenant, actor, reason, null, null, null);
    }

    /** The scope in which {@code actor} reacts to an event: same tenant, correlation and trace, caused by the event. */
    public static Scope reacting(Event event, String actor, @Nullable String reason) {
        return new Scope(
                event.tenant(),
                actor,
                reason,
                event.id(),
                event.correlationId() == null ? event.id() : event.correlationId(),
                event.traceparent());
    }

    public Scope withActor(String other) {
        return new Scope(tenant, other, reason, causationId, correlationId, traceparent);
    }

    public Scope withReason(@Nullable String other) {
        return new Scope(tenant, actor, other, causationId, correlationId, traceparent);
    }

    /** With this reason where none was given. */
    public Scope because(String otherwise) {
        return reason == null ? withReason(otherwise) : this;
    }

    public Scope withCorrelation(@Nullable String other) {
        return new Scope(tenant, actor, reason, causationId, other, traceparent);
    }

    public Scope withCausation(@Nullable String other) {
        return new Scope(tenant, actor, reason, other, correlationId, traceparent);
    }
}
