package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.contract.ErrorCode;
import org.capitania.servicekit.PrincipalKind;

/** People, agents and outside clients call tools, nobody else; an agent says for which run and under which call id. */
@ApplicationScoped
class CallerCheck implements Check {
    private static final int LONGEST_ID = 250;

    @Override
    public Optional<Refusal> check(Attempt a, Standing standing) {
        if (!a.human() && !a.agent() && a.caller().kind() != PrincipalKind.CLIENT) {
            return Optional.of(Refusal.of(
                    ErrorCode.DENIED,
                    a.caller().principal() + " calls no tools; agents, people and outside clients do",
                    "a service has its own API on the service that owns the data"));
        }
        if (a.callId().length() > LONGEST_ID) {
            return Optional.of(Refusal.of(
                    ErrorCode.BAD_REQUEST,
                    "the call id has more than " + LONGEST_ID + " characters",
                    "send session:turn:ordinal"));
        }
        if (a.agent() && (a.runId() == null || a.fence() == null || a.taskId() == null || a.sessionId() == null)) {
            return Optional.of(Refusal.of(
                    ErrorCode.FENCED,
                    "an agent acts only inside a run: session_id, task_id, run_id and fence are needed",
                    "wait to be woken by the supervisor, and send what its wake carries"));
        }
        return Optional.empty();
    }
}
