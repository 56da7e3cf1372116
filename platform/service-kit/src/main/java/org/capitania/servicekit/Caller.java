package org.capitania.servicekit;

import java.util.Optional;

/**
 * Who makes a request, as the token alone says.
 *
 * @param actor who is recorded: the principal, or on whose behalf a trusted service calls
 * @param principal the subject the signing key is bound to
 * @param kind the kind of that key, never of the actor it speaks for
 */
public record Caller(String tenant, String actor, String principal, PrincipalKind kind, String audience) {
    private static final String CONSOLE = "system:approval-service";

    /** Whether a person is behind this: one who signed it, or one who is signed in to the console that calls for them. */
    public boolean isPerson() {
        return kind.human() || (principal.equals(CONSOLE) && actor.startsWith("user:"));
    }

    /** The person whose key signed for another person; nobody where the actor signed, or a service spoke for them. */
    public Optional<String> enteredBy() {
        return kind.human() && !actor.equals(principal) ? Optional.of(principal) : Optional.empty();
    }
}
