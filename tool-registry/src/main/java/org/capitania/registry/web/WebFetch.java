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
    private final ReadAddresses read;

    WebFetch(Reach reach, Pages pages, ReadAddresses read) {
        this.reach = reach;
        this.read = read;
        this.pages = pages;
    }

    @Override
    public String tool() {
        return "web_fetch";
    }

    @Override
    public Result call(Call call) {
        read.objection(call, call.text("url")).ifPresent(why -> {
            throw new CapitaniaException(ErrorCode.DENIED, why)
                    .withHint("follow an address as it stands in what you have read, or ask the owner");
        });
        Pages.Page page = pages.fetch(call.text("url"), uri -> {
            if (!call.human() && !reach.asks(call.role(), uri.toString())) {
                throw new CapitaniaException(
                        ErrorCode.CROSS_SCOPE_VIOLATION, call.role() + " does not ask " + uri.getHost());
            }
        });
        PageText shown = PageText.of(page.type(), page.body(), page.uri().toString());
        int longest = call.number("characters", 20_000);
        boolean longer = shown.text().length() > longest;
        ObjectNode data = Json.MAPPER
                .createObjectNode()
                .put("url", page.uri().toString())
                .put("status", page.status())
                .put(
                        "title",
                        shown.title().length() <= 500
                                ? shown.title()
                                : shown.title().substring(0, 500))
                .put("text", longer ? shown.text().substring(0, longest) : shown.text())
                .put("truncated", longer || page.cut() || page.body().length > PageText.LARGEST_PAGE)
                .put("redirects", page.redirects())
                .put("tainted", true);
        return Result.of(data).taintedBy(List.of("web:" + page.uri().getHost()));
    }
}
