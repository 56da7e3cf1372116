package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.contract.ErrorCode;
import org.capitania.registry.subagents.Child;

/** In a subagent's session only what it was started with is called, whatever its agent may, and each call names the one that started it. */
@ApplicationScoped
class SubagentCheck implements Check {

    @Override
    public Optional<Refusal> check(Attempt a, Standing standing) {
        Child child = a.child();
        if (child == null) {
            return a.agent() && Child.named(a.sessionId())
                    ? Optional.of(fenced("no call has started session " + a.sessionId()))
                    : Optional.empty();
        }
        Optional<String> objection = child.objection(a.role(), a.taskId(), a.parentId());
        if (objection.isPresent()) {
            return Optional.of(fenced(objection.get()));
        }
        return child.tools().contains(a.tool())
                ? Optional.empty()
                : Optional.of(Refusal.of(
                        ErrorCode.NOT_GRANTED,
                        "a subagent " + child.subagent() + " has no " + a.tool(),
                        "say in your last words what should be done; " + child.role() + " does it"));
    }

    private static Refusal fenced(String why) {
        return Refusal.of(ErrorCode.FENCED, why, "stop here; the agent that started you goes on");
    }
}
