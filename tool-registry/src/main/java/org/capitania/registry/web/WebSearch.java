package org.capitania.registry.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;

/** Searches the public web with the provider that is configured; the task that did is tainted from then on. */
@ApplicationScoped
class WebSearch implements ToolHandler {
    private final SearchConfig config;
    private final Pages pages;
    private final ReadAddresses read;

    WebSearch(SearchConfig config, Pages pages, ReadAddresses read) {
        this.config = config;
        this.pages = pages;
        this.read = read;
    }

    @Override
    public String tool() {
        return "web_search";
    }

    @Override
    public Result call(Call call) {
        SearchProvider provider = SearchProvider.of(config)
                .orElseThrow(
                        () -> new CapitaniaException(
                                        ErrorCode.NOT_CONFIGURED,
                                        "no provider of searches is set: hq.web-search.searxng-url (HQ_WEB_SEARCH_SEARXNG_URL)"
                                                + " or hq.web-search.brave-api-key (HQ_WEB_SEARCH_BRAVE_API_KEY)")
                                .withHint(
                                        "ask the owner to set one of them for tool-registry; hq_search searches our own records"));
        read.objectionToSearch(call).ifPresent(why -> {
            throw new CapitaniaException(ErrorCode.DENIED, why)
                    .withHint("read what you have found with web_fetch, or ask the owner");
        });
        int wanted = call.number("limit", 10);
        Pages.Page page = pages.ask(provider.address(call.text("query"), wanted), provider.headers());
        ArrayNode results = Json.MAPPER.createArrayNode();
        for (SearchProvider.Hit hit : provider.read(answer(page), wanted)) {
            ObjectNode line = results.addObject().put("title", hit.title()).put("url", hit.url());
            if (!hit.extract().isEmpty()) {
                line.put("extract", hit.extract());
            }
        }
        ObjectNode data = Json.MAPPER.createObjectNode().put("tainted", true);
        data.set("results", results);
        return Result.of(data).taintedBy(List.of("web:" + page.uri().getHost()));
    }

    private static JsonNode answer(Pages.Page page) {
        String who = page.uri().getHost();
        switch (page.status()) {
            case 200 -> {
                // read below
            }
            case 401, 403 ->
                throw new CapitaniaException(
                                ErrorCode.PROVIDER_REJECTED, who + " refused the search with status " + page.status())
                        .withHint("its key is wrong, or its settings do not allow answers in JSON");
            case 429 -> throw new CapitaniaException(ErrorCode.RATE_LIMITED, who + " asks for patience");
            default ->
                throw new CapitaniaException(
                        ErrorCode.PROVIDER_UNAVAILABLE, who + " answered the search with status " + page.status());
        }
        if (page.cut()) {
            throw new CapitaniaException(ErrorCode.PROVIDER_REJECTED, who + " answered more than is taken");
        }
        try {
            return Json.read(page.body(), JsonNode.class);
        } catch (CapitaniaException e) {
            throw new CapitaniaException(ErrorCode.PROVIDER_REJECTED, who + " answered no JSON", e);
        }
    }
}
