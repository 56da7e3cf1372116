package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.registry.handler.Call;

/** What becomes of a call that passed every check: an agent's outbound call waits for a person, a gated one of anybody does, anything else is done. */
@ApplicationScoped
class RiskRule {

    /** The two ways on. */
    enum Way {
        EXECUTE,
        FREEZE
    }

    Way of(Call call) {
        return switch (call.verb().risk()) {
            case DIRECT -> Way.EXECUTE;
            case OUTBOUND -> call.human() ? Way.EXECUTE : Way.FREEZE;
            case GATED -> Way.FREEZE;
        };
    }
}
