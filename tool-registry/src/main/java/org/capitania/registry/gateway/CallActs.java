package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.registry.catalogue.Idempotency;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Draft;
import org.capitania.registry.handler.OutwardTool;
import org.capitania.registry.handler.Patience;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;

/** What an admitted call does: a plain tool runs, an outward one is frozen for an agent and carried out for a person. */
@ApplicationScoped
class CallActs {

    /** What came of it. */
    sealed interface Act {
        record Done(Result result) implements Act {}

        /** Its end is in the journal already, in the transaction that froze it. */
        record Journalled(JournalRow row) implements Act {}

        record Unknown(String why) implements Act {}
    }

    private final Tools tools;
    private final RiskRule risk;
    private final Patience patience;
    private final FreezeCall freezing;
    private final DirectEffect direct;
    private final LastLook lastLook;

    CallActs(
            Tools tools,
            RiskRule risk,
            Patience patience,
            FreezeCall freezing,
            DirectEffect direct,
            LastLook lastLook) {
        this.tools = tools;
        this.risk = risk;
        this.patience = patience;
        this.freezing = freezing;
        this.direct = direct;
        this.lastLook = lastLook;
    }

    Act act(Call call, boolean again) {
        String name = call.tool().name();
        var outward = tools.outward(name, call.verb());
        if (outward.isPresent()) {
            return switch (risk.of(call)) {
                case FREEZE -> freeze(call, outward.get());
                case EXECUTE -> direct.run(call, outward.get(), again);
            };
        }
        if (risk.of(call) == RiskRule.Way.FREEZE) {
            throw new CapitaniaException(
                    ErrorCode.PROPOSAL_REQUIRED, name + " needs a proposal, and has no way to become one");
        }
        ToolHandler handler = tools.handler(name).orElseThrow();
        AtomicBoolean begun = new AtomicBoolean(again);
        Supplier<Result> run = () -> {
            mayBegin(call, begun.getAndSet(true));
            return handler.call(call);
        };
        boolean repeatable =
                call.verb().idempotency() == Idempotency.READ || call.verb().idempotency() == Idempotency.IDEMPOTENT;
        return new Act.Done(repeatable ? patience.with(run) : run.get());
    }

    private void mayBegin(Call call, boolean begun) {
        try {
            lastLook.require(call);
        } catch (CapitaniaException e) {
            if (begun) {
                throw new HeldBack(e);
            }
            throw e;
        }
    }

    private Act freeze(Call call, OutwardTool tool) {
        Draft draft = patience.with(() -> tool.draft(call));
        return new Act.Journalled(freezing.freeze(call, draft));
    }
}
