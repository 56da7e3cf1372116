package org.capitania.registry.brief;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;

/** The owner's morning brief and the notes before meetings. */
@ApplicationScoped
class HqBrief implements ToolHandler {
    private final BriefFacts facts;
    private final BriefMemos memos;

    HqBrief(BriefFacts facts, BriefMemos memos) {
        this.facts = facts;
        this.memos = memos;
    }

    @Override
    public String tool() {
        return "hq_brief";
    }

    @Override
    public boolean onlyLooks() {
        return true;
    }

    @Override
    public Result call(Call call) {
        return call.verb().name().equals("facts") ? facts.of(call.scope()) : memos.write(call);
    }
}
