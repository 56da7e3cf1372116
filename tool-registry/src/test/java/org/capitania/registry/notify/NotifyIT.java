package org.capitania.registry.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.event.FrozenCall;
import org.capitania.registry.Approved;
import org.capitania.registry.FakeApprovals;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeNotices;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.registry.OwnCompany;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Words to people: the owner at once and not too often, others of the company by a mail that the owner approves, nobody outside. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class NotifyIT {
    private static final int PER_HOUR = 6;

    private FakePeers peers;
    private FakeGraph graph;
    private FakeApprovals approvals;
    private NodeView own;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        approvals = new FakeApprovals(peers);
        new FakeNotices(peers);
        own = OwnCompany.in(graph, Map.of());
        Fleet.guardiansLive();
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldTellTheOwnerOnceOfOneMatterAndNotTooOften() {
        Fleet.curate("chief", "notify_owner", "hq_describe");
        Fleet.Run run = Fleet.wake("chief");
        NodeView mail =
                graph.add("interaction", "mail:" + UUID.randomUUID(), null, "read", Map.of("subject", "Bye"), true);
        Map<String, Object> words = Map.of(
                "text", "Rita cancels today, and that is case " + run.taskId().hashCode(), "urgency", "now");
        JsonNode first = done(run.call("notify_owner", words));
        JsonNode again = done(run.call("notify_owner", words));
        assertThat(again.path("id")).isEqualTo(first.path("id"));
        assertThat(first.path("already").asBoolean()).isFalse();
        assertThat(again.path("already").asBoolean()).isTrue();
        assertThat(sent().path("tainted").asBoolean()).isFalse();
        // When: it has read what came from outside
        done(run.call("hq_describe", Map.of("ref", mail.id())));
        done(run.call("notify_owner", Map.of("text", "She wrote.", "about", List.of(mail.slug()))));
        // Then
        assertThat(sent().path("tainted").asBoolean()).isTrue();
        assertThat(sent().path("urgency").asText()).isEqualTo("today");
        assertThat(sent().at("/about/0/title").asText()).isEqualTo("Bye");
        assertThat(Fleet.refusal(run.call("notify_owner", Map.of("text", "Look here.", "about", List.of("nothing")))))
                .isEqualTo("not_found");
        // And: an agent that is broken does not flood
        String last = "";
        for (int i = 0; i < 3 * PER_HOUR && last.isEmpty(); i++) {
            ToolResult result = Fleet.wake("chief").call("notify_owner", Map.of("text", "It is on fire " + i));
            last = result.error() == null ? "" : result.error().code();
        }
        assertThat(last).isEqualTo("rate_limited");
        assertThat(peers.requests("POST", "/v1/notifications").size()).isLessThanOrEqualTo(PER_HOUR);
        // A person is not held to it.
        done(Fleet.owner("notify_owner", "owner-" + UUID.randomUUID(), Map.of("text", "A note to myself")));
    }

    @Test
    void shouldBeChiefsAlone() {
        Fleet.curate("operator", "notify_owner");
        assertThat(Fleet.refusal(Fleet.wake("operator").call("notify_owner", Map.of("text", "Not mine to say"))))
                .isEqualTo("not_granted");
    }

    @Test
    void shouldWriteToWhoHasTheIssueOnceTheOwnerApproved() throws IOException {
        Fleet.curate("operator", "notify_human");
        NodeView tiago = colleague("tiago", "active");
        NodeView issue = issue("Renew the bank's access\nBcc: all@evil.example", "open");
        graph.link("driven_by", issue.id(), tiago.id());
        Fleet.Run run = Fleet.wake("operator");
        Map<String, Object> words = Map.of("issue", issue.slug(), "text", "Please renew the consent today.");
        // When
        ToolResult asked = run.call("notify_human", words);
        assertThat(asked.status()).as("%s", asked).isEqualTo(CallStatus.PROPOSED);
        assertThat(run.call("notify_human", words).proposalId()).isEqualTo(asked.proposalId());
        FrozenCall frozen = Approved.frozen(asked);
        int before = Approved.mails().size();
        Approved.approve(approvals, frozen);
        // Then
        assertThat(Approved.reported(approvals, frozen).status()).isEqualTo(ProposalStatus.EXECUTED);
        assertThat(Approved.mails()).hasSize(before + 1);
        String mail = Files.readString(Approved.mails(frozen.businessKey()).getFirst());
        assertThat(mail)
                .contains("To: " + tiago.text("email"), "Please renew the consent today.")
                .doesNotContain("\nBcc:");
        NodeView kept = graph.ofType("interaction").getLast();
        assertThat(graph.edges())
                .contains(
                        new FakeGraph.Edge("about", kept.id(), issue.id()),
                        new FakeGraph.Edge("to", kept.id(), tiago.id()));
        assertThat(kept.status()).isEqualTo("sent");
    }

    @Test
    void shouldWriteAtOnceToWhomTheOwnerHasGraduated() {
        // Given
        Fleet.curate("operator", "notify_human");
        NodeView tiago = colleague("tiago", "active");
        NodeView issue = issue("Renew the bank's access", "open");
        graph.link("driven_by", issue.id(), tiago.id());
        Map<String, Object> graduation = Map.of(
                "action",
                "grant",
                "agent",
                "operator",
                "act",
                "notify_human",
                "scope",
                "address:" + tiago.text("email"));
        done(Fleet.owner("hq_graduation", "owner-" + UUID.randomUUID(), graduation));
        Fleet.Run run = Fleet.wake("operator");
        int before = Approved.mails().size();
        // When: the address is not named, and another one is
        for (Map<String, Object> to : List.<Map<String, Object>>of(
                Map.of("to", tiago.slug()),
                Map.of("to", colleague("ana", "active").text("email")))) {
            Map<String, Object> words = new HashMap<>(to);
            words.putAll(Map.of("issue", issue.slug(), "text", "Please look at it today."));
            assertThat(run.call("notify_human", words).status()).as("%s", to).isEqualTo(CallStatus.PROPOSED);
        }
        assertThat(Approved.mails()).hasSize(before);
        // Then: by the very address it leaves at once
        Map<String, Object> words =
                Map.of("issue", issue.slug(), "text", "Please renew it today.", "to", tiago.text("email"));
        done(run.call("notify_human", words));
        assertThat(Approved.mails()).hasSize(before + 1);
        // And: not when that person is reached elsewhere by now
        graph.touch(tiago.id(), Map.of("email", "tiago@evil.example"));
        assertThat(Fleet.refusal(run.call(
                        "notify_human",
                        Map.of("issue", issue.slug(), "text", "Once more, please.", "to", tiago.text("email")))))
                .isEqualTo("recipient_not_allowed");
        Map<String, Object> over = new HashMap<>(graduation);
        over.put("action", "revoke");
        done(Fleet.owner("hq_graduation", "owner-" + UUID.randomUUID(), over));
    }

    @Test
    void shouldWriteToNobodyOutside() {
        Fleet.curate("operator", "notify_human");
        NodeView stranger = graph.add(
                "contact",
                "contact:s-" + UUID.randomUUID(),
                "s@evil.example",
                "active",
                Map.of("name", "S", "email", "s@evil.example"),
                false);
        NodeView gone = colleague("gone", "left");
        NodeView issue = issue("Look", "open");
        NodeView done = issue("Done", "done");
        for (Map<String, Object> to : List.<Map<String, Object>>of(
                Map.of("issue", issue.slug()),
                Map.of("issue", issue.slug(), "to", stranger.slug()),
                Map.of("issue", issue.slug(), "to", "s@evil.example"),
                Map.of("issue", issue.slug(), "to", "nobody@mare.example"),
                Map.of("issue", issue.slug(), "to", gone.slug()),
                Map.of("issue", done.slug(), "to", colleague("here", "active").slug()))) {
            Map<String, Object> words = new HashMap<>(to);
            words.put("text", "Please look at it.");
            assertThat(Fleet.refusal(Fleet.owner("notify_human", "owner-" + UUID.randomUUID(), words)))
                    .as("%s", to)
                    .isEqualTo("recipient_not_allowed");
        }
    }

    private NodeView colleague(String name, String status) {
        String address = name + "-" + UUID.randomUUID().toString().substring(0, 8) + "@elsewhere.example";
        NodeView contact = graph.add(
                "contact",
                "contact:" + UUID.randomUUID(),
                address,
                status,
                Map.of("name", name, "email", address),
                false);
        graph.link("works_for", contact.id(), own.id());
        return contact;
    }

    private NodeView issue(String title, String status) {
        return graph.add("task", "task:" + UUID.randomUUID(), null, status, Map.of("title", title), false);
    }

    private JsonNode sent() {
        return Json.tree(peers.requests("POST", "/v1/notifications").getLast().body());
    }

    private static JsonNode done(ToolResult result) {
        assertThat(result.status()).as("%s", result).isEqualTo(CallStatus.DONE);
        return result.data();
    }
}
