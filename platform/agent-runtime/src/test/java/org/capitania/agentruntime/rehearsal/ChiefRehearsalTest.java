package org.capitania.agentruntime.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.capitania.contract.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each of chief's triggers but the mails ends with what it is there for, in both languages, by calls that the catalogue lets pass. */
class ChiefRehearsalTest {

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldTellTheOwnerWhenARelationGrowsColder(Language l) {
        Rehearsal end = Rehearsal.of("chief", FakeCompany.of(l))
                .receive(
                        "entity.temperature_changed",
                        "",
                        data("slug", "entity:aurora", "before", "hot", "after", "cool"))
                .play();

        assertThat(end.made("open_issue").path("description").asText())
                .contains(l.say("has grown colder", "arrefeceu"), "2026-11-20: Aurora");
        assertThat(end.tools()).doesNotContain("email_send");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldNoteItWhenARelationGrowsWarmer(Language l) {
        Rehearsal end = Rehearsal.of("chief", FakeCompany.of(l))
                .receive(
                        "entity.temperature_changed",
                        "",
                        data("slug", "entity:aurora", "before", "cool", "after", "hot"))
                .play();

        assertThat(end.made("hq_event_log").path("title").asText())
                .isEqualTo(l.say("Aurora is closer to us than before", "Aurora está mais próximo de nós do que antes"));
        assertThat(end.tools()).doesNotContain("open_issue", "email_send");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldEscalateWhenACustomerMayLeave(Language l) {
        Rehearsal end = new Rehearsal(
                        "chief",
                        FakeCompany.of(l).answering("notify_owner", Map.of("id", "n1")),
                        List.of("notify_owner"),
                        0,
                        "t")
                .receive(
                        "customer.churn_signal",
                        "",
                        data(
                                "entity_id",
                                "entity:aurora",
                                "summary",
                                l.say("We look at others.", "Estamos a ver outros.")))
                .play();

        assertThat(end.made("open_issue").path("urgency").asText()).isEqualTo("blocker");
        assertThat(end.made("notify_owner").path("text").asText()).startsWith(l.say("Call Aurora", "Ligar a Aurora"));
        assertThat(end.tools()).doesNotContain("email_send");
        assertThat(end.reason()).hasValueSatisfying(r -> assertThat(r).startsWith("escalation"));
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldNoteWhatTheyAskWhenACustomerWantsMore(Language l) {
        Rehearsal end = Rehearsal.of("chief", FakeCompany.of(l))
                .receive("customer.expand_signal", "", data("entity_id", "entity:aurora", "summary", "More books?"))
                .play();

        assertThat(end.made("hq_event_log").path("body").asText()).contains("More books?");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldBringWhatOthersOweUsToTheOwnerWhenItsTimeHasCome(Language l) {
        Rehearsal end = Rehearsal.of("chief", FakeCompany.of(l))
                .receive("obligation.due", "they_owe", data(OperatorRehearsalTest.owed("they_owe")))
                .play();

        assertThat(end.made("open_issue").path("title").asText())
                .isEqualTo(l.say("Ask for what is owed to us: Aurora", "Pedir o que nos é devido: Aurora"));
        assertThat(end.tools()).doesNotContain("email_send");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldWriteABriefWhenAProspectIsKnown(Language l) {
        Rehearsal end = Rehearsal.of("chief", FakeCompany.of(l))
                .receive("prospect.created", "", data("id", "1", "slug", "entity:aurora", "name", "Aurora"))
                .play();

        assertThat(end.made("file_write").path("path").asText()).isEqualTo("outputs/briefs/aurora.md");
        assertThat(end.made("file_write").path("content").asText())
                .contains(l.say("known to us as a prospect", "possível cliente"), "2026-11-20: Aurora");
        assertThat(end.tools()).doesNotContain("email_send");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldNameTheFirstMissingThingWhenADealMoves(Language l) {
        Rehearsal end = Rehearsal.of("chief", FakeCompany.of(l))
                .receive(
                        "engagement.stage_changed",
                        "",
                        data("slug", "engagement:deal", "before", "discovery", "after", "proposal"))
                .play();

        assertThat(end.made("open_issue").path("title").asText())
                .isEqualTo(l.say("Complete Aurora: a price", "Completar Aurora: falta um preço"));
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldWriteAProposalAndAskWhenOneIsWanted(Language l) {
        Rehearsal end = Rehearsal.of("chief", FakeCompany.of(l))
                .receive(
                        "proposal.draft_requested",
                        "",
                        data(
                                "entity_slug",
                                "entity:aurora",
                                "brief",
                                l.say("A corner with books", "Um canto com livros")))
                .play();

        assertThat(end.made("file_write").path("path").asText()).isEqualTo("outputs/proposals/aurora.md");
        assertThat(end.made("file_write").path("content").asText())
                .contains(
                        l.say("# Proposal for Aurora", "# Proposta para Aurora"),
                        l.say("No price is recorded", "Não há preço registado"));
        assertThat(end.made("request_approval").path("title").asText()).contains("Aurora");
        assertThat(end.text()).contains("waits for the owner as proposal p-9");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldDraftAnewWhenAProposalIsStale(Language l) {
        Rehearsal end = Rehearsal.of("chief", FakeCompany.of(l))
                .receive(
                        "proposal.stale", "", data("proposal_id", "p-1", "tool", "email_send", "conversation_id", "c1"))
                .play();

        assertThat(end.made("email_send").path("body_text").asText()).startsWith(l.say("Hello Ana", "Bom dia Ana"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rejected", "failed", "unknown", "expired"})
    void shouldNoteAndSendNothingWhenAProposalComesBack(String what) {
        Rehearsal end = Rehearsal.of("chief", FakeCompany.of(Language.ENGLISH))
                .receive(
                        "proposal." + what,
                        "",
                        data("proposal_id", "p-1", "tool", "email_send", "conversation_id", "c1", "reason", "too long"))
                .play();

        assertThat(end.calls).isEmpty();
        assertThat(end.text()).contains("is " + what + ": too long");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldAnswerTheOwnerInTheOwnersLanguage(Language l) {
        Rehearsal end = Rehearsal.of("chief", FakeCompany.of(l))
                .receive(
                        "owner.dm",
                        "",
                        data(
                                "from",
                                "user:owner",
                                "to",
                                "chief",
                                "text",
                                l.say("What about \"Aurora\"?", "Como está a «Aurora», por favor?")))
                .play();

        assertThat(end.text()).contains(l.say("Aurora is recorded", "Aurora consta dos registos"));
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldPutATaskOnTheListWhenTheOwnerAsksForOne(Language l) {
        Rehearsal end = Rehearsal.of("chief", FakeCompany.of(l))
                .receive(
                        "owner.dm",
                        "",
                        data(
                                "to",
                                "chief",
                                "text",
                                l.say(
                                        "Please create a task to call Ana.",
                                        "Por favor cria uma tarefa para ligar à Ana.")))
                .play();

        assertThat(end.made("open_issue").path("title").asText()).isEqualTo(l.say("Call Ana", "Ligar à Ana"));
        assertThat(end.text()).contains(l.say("is on your list", "está na sua lista"));
    }

    static ObjectNode data(String... pairs) {
        ObjectNode data = Json.MAPPER.createObjectNode();
        for (int i = 0; i < pairs.length; i += 2) {
            data.put(pairs[i], pairs[i + 1]);
        }
        return data;
    }
}
