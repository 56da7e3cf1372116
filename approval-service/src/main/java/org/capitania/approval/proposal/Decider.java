package org.capitania.approval.proposal;

import org.capitania.servicekit.Caller;
import org.capitania.servicekit.PrincipalKind;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Who wants to decide.
 *
 * @param actor the person who is recorded
 * @param principal whose key or session it is
 * @param kind of that key; a service that speaks for a person is still a service
 * @param idempotencyKey the same key is the same decision again
 */
public record Decider(
        Scope scope,
        String principal,
        PrincipalKind kind,
        @Nullable String idempotencyKey) {

    public static Decider of(Caller caller, Scope scope, @Nullable String idempotencyKey) {
        return new Decider(scope, caller.principal(), caller.kind(), idempotencyKey);
    }

    /** The person at the console: signed in, so it is their own session. */
    public static Decider signedIn(Scope scope) {
        return new Decider(scope, scope.actor(), PrincipalKind.PERSON, null);
    }

    String actor() {
        return scope.actor();
    }

    /** Only a person decides, in their own name. */
    public boolean mayDecide() {
        return kind.human()
                && scope.actor().startsWith("user:")
                && scope.actor().equals(principal);
    }
}
