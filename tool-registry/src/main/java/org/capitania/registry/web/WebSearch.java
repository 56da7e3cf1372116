package org.capitania.registry.web;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;

/** Searching the web takes a provider, and none can be configured yet. */
@ApplicationScoped
class WebSearch implements ToolHandler {
    @Override
    public String tool() {
        return "web_search";
    }

    @Override
    public Result call(Call call) {
        throw new CapitaniaException(ErrorCode.NOT_AVAILABLE_YET, "no provider for searches of the web is configured")
                .withHint(
                        "ask the owner for addresses and read them with web_fetch, or search our own records with hq_search");
    }
}
