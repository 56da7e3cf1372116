package org.capitania.registry.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.registry.curation.Reach;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;

/** Reads a public page; the task that did is tainted from then on. */
@ApplicationScoped
class WebFetch implements ToolHandler {
    private final Reach reach;
    private final Pages pages;

    WebFetch(Reach reach, Pages pages) {
        this.reach = reach;
        this.pages = pages;
    }

    @Override
    public String tool() {
        return "web_fetch";
    }

    @Override
    public Result call(Call call) {
        Pages.Page page = pages.fetch(call.text("url"), uri -> {
            if (!call.human() && !reach.asks(call.role(), uri.toString())) {
                throw new CapitaniaException(
                        ErrorCode.CROSS_SCOPE_VIOLATION, call.role() + " does not ask " + uri.getHost());
            }
        });
        PageText read = PageText.of(page.type(), page.body(), page.uri().toString());
        int longest = call.number("characters", 20_000);
        boolean longer = read.text().length() > longest;
        ObjectNode data = Json.MAPPER
                .createObjectNode()
                .put("url", page.uri().toString())
                .put("status", page.status())
                .put(
                        "title",
                        read.title().length() <= 500
                                ? read.title()
                                : read.title().substring(0, 500))
                .put("text", longer ? read.text().substring(0, longest) : read.text())
                .put("truncated", longer || page.cut())
                .put("redirects", page.redirects())
                .put("tainted", true);
        return Result.of(data).taintedBy(List.of("web:" + page.uri().getHost()));
    }
}
