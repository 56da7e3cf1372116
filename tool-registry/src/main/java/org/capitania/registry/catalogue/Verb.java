package org.capitania.registry.catalogue;

import java.util.List;
import java.util.Locale;
import org.capitania.contract.api.ToolsView.ToolAction;
import org.jspecify.annotations.Nullable;

/**
 * One action of a tool, with the classes that decide how it is treated.
 *
 * @param name the value of {@code action}, or the tool's name where a tool has none
 * @param description one sentence
 * @param requires arguments this action cannot do without, beyond those the schema requires of all
 * @param ownerOnly whether nobody but the owner may do it, by the owner's own key
 * @param notYet with what it comes, where it does not work yet
 */
public record Verb(
        String name,
        String description,
        ToolScope scope,
        Risk risk,
        Idempotency idempotency,
        List<String> requires,
        boolean ownerOnly,
        @Nullable String notYet) {

    /** Whether it leaves something changed: what a freeze stops. */
    public boolean changes() {
        return !scope.readOnly() || idempotency != Idempotency.READ;
    }

    ToolAction view() {
        return new ToolAction(
                name,
                description,
                scope.name().toLowerCase(Locale.ROOT),
                risk.wire(),
                idempotency.wire(),
                requires,
                ownerOnly,
                notYet);
    }
}
