package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.registry.catalogue.Idempotency;
import org.capitania.registry.gateway.RiskRule.Verdict;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Draft;
import org.capitania.registry.handler.OutwardTool;
import org.capitania.registry.handler.Patience;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.registry.subagents.OwnProject;

/** What an admitted call does: it is carried out, or frozen for a person, as its risk says. */
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
    private final Acts acts;
    private final RiskRule risk;
    private final Patience patience;
    private final FreezeCall freezing;
    private final DirectEffect direct;
    private final LastLook lastLook;
    private final OwnProject ownProject;

    CallActs(
            Tools tools,
            Acts acts,
            RiskRule risk,
            Patience patience,
            FreezeCall freezing,
            DirectEffect direct,
            LastLook lastLook,
            OwnProject ownProject) {
        this.ownProject = ownProject;
        this.tools = tools;
        this.acts = acts;
        this.risk = risk;
        this.patience = patience;
        this.freezing = freezing;
        this.direct = direct;
        this.lastLook = lastLook;
    }

    Act act(Call call, boolean again) {
        patience.with(() -> {
            ownProject.require(call);
            return call;
        });
        String name = call.tool().name();
        boolean outward = tools.outward(name, call.verb()).isPresent();
        OutwardTool act = acts.of(call.tool(), call.verb()).orElseThrow();
        if (again && direct.begun(call)) {
            // What is on its way is taken to its end, whatever the rules say of a new one.
            return direct.resume(call, act);
        }
        // Drafted first, and the draft is judged: what it rests on is looked at again when it is done, so that nothing
        // comes between, not even what is there for the judgement only.
        Optional<Draft> ready = outward ? Optional.of(patience.with(() -> act.draft(call))) : Optional.empty();
        Verdict verdict = patience.with(() -> risk.of(call, ready));
        if (verdict.way() == RiskRule.Way.EXECUTE && ready.isEmpty()) {
            return plain(call, again);
        }
        Draft draft = ready.orElseGet(() -> patience.with(() -> act.draft(call)));
        return switch (verdict.way()) {
            case FREEZE -> freeze(call, draft, verdict);
            case GRADUATED -> {
                Optional<String> why = direct.objection(call, draft);
                yield why.isEmpty()
                        ? direct.run(call, act, draft)
                        : freeze(call, draft.warned(List.of(why.get())), verdict);
            }
            case EXECUTE -> direct.run(call, act, draft);
        };
    }

    /** Whether no rule stands between a call and its handler. */
    boolean atOnce(Call call) {
        return patience.with(() -> risk.of(call, Optional.empty())).way() == RiskRule.Way.EXECUTE;
    }

    /** Does what is to be done at once. */
    Act plain(Call call, boolean again) {
        ToolHandler handler = tools.handler(call.tool().name()).orElseThrow();
        boolean reads = call.verb().idempotency() == Idempotency.READ;
        boolean repeatable = reads || call.verb().idempotency() == Idempotency.IDEMPOTENT;
        AtomicBoolean begun = new AtomicBoolean(again);
        // Once a change was asked for and nobody answered, no failure of a later try says that it never happened.
        AtomicBoolean unsure = new AtomicBoolean(again && !reads);
        Supplier<Result> run = () -> {
            mayBegin(call, begun.getAndSet(true));
            try {
                return handler.call(call);
            } catch (CapitaniaException e) {
                unsure.compareAndSet(false, !reads && e.code() == ErrorCode.ANSWER_LOST);
                throw e;
            }
        };
        try {
            return new Act.Done(repeatable ? patience.with(run) : run.get());
        } catch (CapitaniaException e) {
            if (unsure.get()) {
                return new Act.Unknown(
                        "an earlier try was not answered, and may have done it; the last one: " + e.detail());
            }
            throw e;
        }
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

    private Act freeze(Call call, Draft draft, Verdict verdict) {
        return new Act.Journalled(freezing.freeze(call, draft.warned(verdict.warnings()), verdict.risk()));
    }
}
