package org.capitania.registry.catalogue;

import java.util.List;

/**
 * One action of a tool, with the classes that decide how it is treated.
 *
 * @param name the value of {@code action}, or the tool's name where a tool has none
 * @param requires arguments this action cannot do without, beyond those the schema requires of all
 * @param ownerOnly whether nobody but the owner may do it, by the owner's own key
 */
public record Verb(
        String name, ToolScope scope, Risk risk, Idempotency idempotency, List<String> requires, boolean ownerOnly) {

    /** Whether it leaves something changed: what a freeze stops. */
    public boolean changes() {
        return !scope.readOnly() || idempotency != Idempotency.READ;
    }
}
