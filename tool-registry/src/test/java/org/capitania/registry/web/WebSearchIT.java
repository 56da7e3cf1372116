package org.capitania.registry.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.AmongPeers;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.servicekit.Scope;
import org.capitania.testkit.FleetInfra;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Searches go to the provider that is set and nowhere else, and what they find is untrusted. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class WebSearchIT extends AmongPeers {
    @Inject
    Catalogue catalogue;

    @Inject
    Pages pages;

    @Inject
    ReadAddresses read;

    @Inject
    WebConfig web;

    @ConfigProperty(name = "hq.test.provider-port")
    int port;

    @BeforeEach
    void curate() {
        Fleet.curate("chief", "web_search", "web_fetch");
    }

    @Test
    void shouldFindPagesThatTheTaskMayReadFromThenOn() {
        // Given
        Fleet.Run chief = Fleet.wake("chief");
        String words = "opening hours & \"archive\" Évora";
        // When
        ToolResult found = chief.call("web_search", Map.of("query", words, "limit", 2));
        // Then: pages of the web alone, as many as were wanted, without marks
        assertThat(found.status()).as("%s", found).isEqualTo(CallStatus.DONE);
        JsonNode results = found.data().path("results");
        assertThat(results).hasSize(2);
        assertThat(results.path(0).path("title").asText()).contains("q=" + words.replace(' ', '+'), "format=json");
        assertThat(results.path(0).path("extract").asText()).isEqualTo("Open from 9 & to 5");
        assertThat(results.path(1).path("url").asText()).isEqualTo("https://203.0.113.9/another");
        // And: the task has read from outside; it asks what it has found, and nothing that it puts together
        assertThat(fetch(chief, "http://203.0.113.9/found?a=1")).isEqualTo("cross_scope_violation");
        assertThat(fetch(chief, "http://203.0.113.9/found?a=2")).isEqualTo("denied");
        assertThat(fetch(chief, "https://203.0.113.9/third")).isEqualTo("denied");
    }

    @Test
    void shouldSearchOnlySoOftenInATaskThatHasReadFromOutside() {
        Fleet.Run chief = Fleet.wake("chief");
        for (int i = 0; i < web.follows(); i++) {
            assertThat(search(chief, "bread " + i).status()).isEqualTo(CallStatus.DONE);
        }
        assertThat(search(chief, "bread again").error().code()).isEqualTo("denied");
        assertThat(search(Fleet.wake("chief"), "bread again").status()).isEqualTo(CallStatus.DONE);
    }

    @Test
    void shouldTakeNothingButResults() {
        Fleet.Run chief = Fleet.wake("chief");
        Map.of(
                        "forbidden", "provider_rejected",
                        "broken", "provider_rejected",
                        "large", "provider_rejected",
                        "elsewhere", "provider_unavailable",
                        "busy", "rate_limited")
                .forEach(
                        (words, code) -> assertThat(search(chief, words).error().code())
                                .as(words)
                                .isEqualTo(code));
    }

    @Test
    void shouldAskBraveWithItsKey() {
        Result found = with(Optional.of("brave-key")).call(ownersCall());
        assertThat(found.data().at("/results/0/title").asText()).contains("q=bread", "count=10", "key=brave-key");
        assertThat(found.data().at("/results/0/extract").asText()).isEqualTo("Open from 9 & to 5");
        assertThat(found.taintedBy()).containsExactly("web:127.0.0.1");
    }

    @Test
    void shouldSayWhatIsMissingWhereNoProviderIsSet() {
        assertThatThrownBy(() -> with(Optional.empty()).call(ownersCall()))
                .isInstanceOfSatisfying(
                        CapitaniaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_CONFIGURED))
                .hasMessageContaining("hq.web-search.searxng-url")
                .hasMessageContaining("hq.web-search.brave-api-key");
    }

    private WebSearch with(Optional<String> braveKey) {
        SearchConfig config = new SearchConfig() {
            @Override
            public Optional<URI> searxngUrl() {
                return Optional.empty();
            }

            @Override
            public Optional<String> braveApiKey() {
                return braveKey;
            }

            @Override
            public URI braveUrl() {
                return URI.create("http://127.0.0.1:" + port + "/brave");
            }
        };
        return new WebSearch(config, pages, read);
    }

    private Call ownersCall() {
        var tool = catalogue.find("web_search").orElseThrow();
        JsonNode arguments = Json.tree(Map.of("query", "bread"));
        return new Call(
                Scope.of("main", "user:owner", null),
                tool,
                tool.verb(arguments),
                "call",
                true,
                null,
                null,
                null,
                arguments);
    }

    private static ToolResult search(Fleet.Run run, String words) {
        return run.call("web_search", Map.of("query", words));
    }

    private static String fetch(Fleet.Run run, String url) {
        return run.call("web_fetch", Map.of("url", url)).error().code();
    }
}
