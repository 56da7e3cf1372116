package org.capitania.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.capitania.contract.Service;

/** What a person at the company sees and does, through the launcher, HTTP and files only. */
final class Company {
    private static final JsonNode NONE = com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final FleetUnderTest fleet;

    Company(FleetUnderTest fleet) {
        this.fleet = fleet;
    }

    /** Hands a mail to {@code hq ingest email}; its line of the answer. */
    JsonNode ingest(Mail mail) throws IOException {
        return ingest(mail.bytes());
    }

    JsonNode ingest(byte[] mail) throws IOException {
        Path file = Files.write(Files.createTempFile(fleet.home(), "mail", ".eml"), mail);
        FleetUnderTest.Answer answer = fleet.hq("ingest", "email", file.toString(), "--json");
        assertThat(answer.exit()).as(answer.toString()).isZero();
        return answer.data().get(0);
    }

    JsonNode pendingProposalFor(String conversation) {
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(250))
                .ignoreExceptions()
                .until(
                        () -> proposals("pending").stream()
                                .filter(p -> p.path("conversation").asText().equals(conversation))
                                .findFirst()
                                .orElse(NONE),
                        p -> p != NONE);
    }

    List<JsonNode> proposals(String status) {
        return list(fleet.get(Service.APPROVAL_SERVICE, "/v1/proposals?limit=500&status=" + status)
                .path("items"));
    }

    JsonNode proposal(String id) {
        return fleet.get(Service.APPROVAL_SERVICE, "/v1/proposals/" + id);
    }

    void approve(JsonNode proposal) {
        FleetUnderTest.Answer answer =
                fleet.hq("proposal", "approve", proposal.path("id").asText(), "--json");
        assertThat(answer.exit()).as(answer.toString()).isZero();
    }

    void awaitStatus(JsonNode proposal, String status) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(250))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(proposal(proposal.path("id").asText())
                                .path("status")
                                .asText())
                        .isEqualTo(status));
    }

    /** The mails that left in answer to this one, whole. */
    List<String> sentIn(Mail answered) {
        return sent().stream()
                .filter(text -> text.replaceAll("\r?\n[ \t]+", " ").contains("In-Reply-To: " + answered.messageId()))
                .toList();
    }

    List<String> sent() {
        try (Stream<Path> files = Files.list(fleet.home().resolve("mail/sent"))) {
            List<String> texts = new ArrayList<>();
            for (Path file : files.filter(f -> f.toString().endsWith(".eml")).toList()) {
                texts.add(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<JsonNode> interactionsOf(String conversation) {
        return list(fleet.get(Service.GRAPH_SERVICE, "/v1/nodes/" + conversation)
                        .path("edges"))
                .stream()
                .filter(e -> e.path("type").asText().equals("part_of"))
                .map(e -> fleet.get(
                                Service.GRAPH_SERVICE,
                                "/v1/nodes/" + e.path("other").path("id").asText())
                        .path("node"))
                .filter(n -> n.path("type").asText().equals("interaction"))
                .toList();
    }

    /** Whose turn it is in a conversation, as far as it is known. */
    List<String> turnOf(String conversation) {
        return list(fleet.get(Service.GRAPH_SERVICE, "/v1/nodes/" + conversation + "/edges?type=has_turn_state")
                        .path("items"))
                .stream()
                .map(e -> fleet.get(
                                Service.GRAPH_SERVICE,
                                "/v1/nodes/" + e.path("other").path("id").asText())
                        .at("/node/status")
                        .asText())
                .toList();
    }

    List<JsonNode> nodes(String query) {
        return list(fleet.get(Service.GRAPH_SERVICE, "/v1/nodes?" + query).path("items"));
    }

    /** The tools of a task's calls, in order. */
    List<String> toolsOf(String task) {
        return list(fleet.hq("trace", "show", task, "--json").data().path("actions")).stream()
                .map(a -> a.path("tool").asText())
                .toList();
    }

    Set<String> eventTypes() {
        Set<String> types = new LinkedHashSet<>();
        fleet.hq("events", "tail", "--since", "1970-01-01T00:00:00Z", "--limit", "100000", "--json")
                .lines()
                .forEach(e -> types.add(e.path("type").asText()));
        return types;
    }

    /** How many calls of models the ledger holds. */
    int modelCalls() {
        return list(fleet.get(Service.TOOL_REGISTRY, "/v1/llm-calls?limit=100000")
                        .path("items"))
                .size();
    }

    static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
