package org.capitania.agentruntime.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.agentruntime.rehearsal.ChiefRehearsalTest.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What chief makes of a mail, in both languages, by calls that the catalogue lets pass. */
class ChiefMailRehearsalTest {

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldDraftAReplyWhenAMailComes(Language l) {
        Rehearsal end = Rehearsal.of("chief", FakeCompany.of(l))
                .receive("email.received", "", mail(true))
                .play();

        assertThat(end.tools()).containsExactly("email_thread_read", "hq_agent", "email_send");
        assertThat(end.made("email_send").path("body_text").asText())
                .contains(l.say("Hello Ana", "Bom dia Ana"), "Aurora is recorded as entity", "Example Ltd")
                .doesNotContain("Source:", "entity:aurora");
        assertThat(end.reason()).contains("reply drafted, waits for the owner");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldDraftOneReplyWhenAKnownThreadGrows(Language l) {
        Rehearsal end = Rehearsal.of("chief", FakeCompany.of(l))
                .receive("email.received", "", mail(true))
                .receive("email.thread.updated", "", mail(true))
                .play();

        assertThat(end.tools()).containsExactly("email_thread_read", "hq_agent", "email_send");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldSaySorryWhenTheAnswerIsOverdue(Language l) {
        Rehearsal end = Rehearsal.of("chief", FakeCompany.of(l))
                .receive("interaction.overdue", "", data("conversation_id", "c1"))
                .play();

        assertThat(end.made("email_send").path("body_text").asText())
                .contains(l.say("Hello Ana,\n\nWe are sorry", "Bom dia Ana,\n\nPedimos desculpa"));
    }

    @Test
    void shouldDraftNoSecondReplyWhenOneWaitsForTheOwnerAlready() {
        FakeCompany company = FakeCompany.of(Language.ENGLISH);
        ObjectNode thread = (ObjectNode) company.answer("email_thread_read", data("conversation_id", "c1"))
                .data();
        ((ObjectNode) thread.path("answer"))
                .set("drafted", data("proposal_id", "p-1", "since", "2026-11-20T10:00:00Z"));
        company.answering("email_thread_read", thread);

        Rehearsal overdue = Rehearsal.of("chief", company)
                .receive("interaction.overdue", "", data("conversation_id", "c1"))
                .play();
        Rehearsal stale = Rehearsal.of("chief", company)
                .receive("proposal.stale", "", data("conversation_id", "c1", "tool", "email_send"))
                .play();

        assertThat(overdue.tools()).containsExactly("email_thread_read");
        assertThat(overdue.reason()).contains("a reply waits for the owner since 2026-11-20T10:00:00Z");
        assertThat(stale.tools()).as("what has become stale is drafted anew").contains("email_send");
    }

    @Test
    void shouldDeclineAnAutomaticReply() {
        Rehearsal end = Rehearsal.of("chief", FakeCompany.of(Language.ENGLISH))
                .receive("email.received", "", mail(false))
                .play();

        assertThat(end.calls).isEmpty();
        assertThat(end.reason()).contains("not answered: auto_reply");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldAnswerInlineWhenNothingIsAsked(Language l) {
        FakeCompany company = new FakeCompany(
                l, l.say("Thank you, it all arrived well. Ana", "Muito obrigada, chegou tudo bem. Ana"));
        Rehearsal end = Rehearsal.of("chief", company)
                .receive("email.received", "", mail(true))
                .play();

        assertThat(end.tools()).containsExactly("email_thread_read", "email_send");
        assertThat(end.made("email_send").path("body_text").asText())
                .contains(l.say("nothing more that we need", "não precisamos de mais nada"));
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldSpawnADeepDiveWhenManySourcesAreNeeded(Language l) {
        FakeCompany company = new FakeCompany(
                        l,
                        l.say(
                                "What was promised in the meeting, and what does the contract say?",
                                "O que foi prometido na reunião, e o que diz o contrato?"))
                .answering("agent_spawn", Map.of("answer", "Delivery in March, as the contract says."))
                .answering("hq_agent", Map.of("reply", "NO FACT: nothing is recorded."));
        Rehearsal end = new Rehearsal("chief", company, List.of("agent_spawn"), 0, "task-1")
                .receive("email.received", "", mail(true))
                .play();

        assertThat(end.made("agent_spawn").path("subagent").asText()).isEqualTo("customer-deep-dive");
        assertThat(end.made("email_send").path("body_text").asText()).contains("Delivery in March");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldReadForItselfWhenTheDeepDiveFails(Language l) {
        FakeCompany company = new FakeCompany(
                        l, l.say("Where we are overall with the contract?", "Ponto de situação do contrato?"))
                .refusing("agent_spawn", "not_available_yet");
        Rehearsal end = new Rehearsal("chief", company, List.of("agent_spawn"), 0, "task-1")
                .receive("email.received", "", mail(true))
                .play();

        assertThat(end.tools())
                .containsExactly("email_thread_read", "agent_spawn", "hq_timeline", "hq_agent", "email_send");
    }

    @Test
    void shouldTellACustomerNothingThatASubagentDidNotFindOrDo() {
        FakeCompany found = new FakeCompany(
                        Language.ENGLISH, "What was promised in the meeting, and what does the contract say?")
                .answering("agent_spawn", Map.of("answer", "[rehearsal] NO FACT: nothing."))
                .answering("hq_agent", Map.of("reply", "NO FACT: nothing is recorded."));
        assertThat(sent(found, "agent_spawn")).contains("We have not found").doesNotContain("rehearsal] ", "NO FACT");

        FakeCompany done = new FakeCompany(Language.ENGLISH, "Please fix the typo on our web site.")
                .answering("project_run", Map.of("answer", "[rehearsal] NOT DONE: a person has to."));
        assertThat(sent(done, "project_run")).doesNotContain("was done in the project", "NOT DONE");
    }

    private static String sent(FakeCompany company, String tool) {
        return new Rehearsal("chief", company, List.of(tool), 0, "task-1")
                .receive("email.received", "", mail(true))
                .play()
                .made("email_send")
                .path("body_text")
                .asText();
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldStartAProjectAgentWhenACustomerWantsAChange(Language l) {
        FakeCompany company = new FakeCompany(
                        l,
                        l.say("Please fix the typo on our web site.", "Por favor corrijam a gralha na nossa página."))
                .answering("project_run", Map.of("result", "The typo is mended."));
        Rehearsal end = new Rehearsal("chief", company, List.of("project_run"), 0, "task-1")
                .receive("email.received", "", mail(true))
                .play();

        assertThat(end.made("project_run").path("project").asText()).isEqualTo("project:aurora");
        assertThat(end.made("email_send").path("body_text").asText()).contains("The typo is mended.");
        assertThat(end.text()).contains("The change in Aurora: done.");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNeverSayThatAChangeWasMadeWhenItWasNot(boolean there) {
        FakeCompany company = new FakeCompany(Language.ENGLISH, "Please fix the typo on our web site.")
                .refusing("project_run", "not_available_yet");
        Rehearsal end = new Rehearsal("chief", company, there ? List.of("project_run") : List.of(), 0, "task-1")
                .receive("email.received", "", mail(true))
                .play();

        assertThat(end.made("email_send").path("body_text").asText()).doesNotContain("was done in the project");
        assertThat(end.text())
                .containsAnyOf("not done, not_available_yet", "was not made")
                .doesNotContain(": done.");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldEscalateWhenSomebodyIsUpset(Language l) {
        FakeCompany company = new FakeCompany(
                l,
                l.say(
                        "This is unacceptable, our lawyer will write to you.",
                        "Isto é inaceitável, a nossa advogada vai escrever-vos."));
        Rehearsal end = Rehearsal.of("chief", company)
                .receive("email.received", "", mail(true))
                .play();

        assertThat(end.made("open_issue").path("title").asText())
                .startsWith(l.say("Call Ana Silva", "Ligar a Ana Silva"));
        assertThat(end.made("open_issue").path("assignee").asText()).isEqualTo("owner");
        assertThat(end.made("email_send").path("body_text").asText())
                .contains(l.say("We are sorry", "Lamentamos"), l.say("has been told", "já foi informada"));
        assertThat(end.reason()).hasValueSatisfying(r -> assertThat(r).contains("escalation"));
    }

    @Test
    void shouldNotClaimThatTheOwnerKnowsWhenTheIssueWasRefused() {
        FakeCompany company =
                new FakeCompany(Language.ENGLISH, "This is unacceptable!").refusing("open_issue", "autonomy_frozen");
        Rehearsal end = Rehearsal.of("chief", company)
                .receive("email.received", "", mail(true))
                .play();

        assertThat(end.made("email_send").path("body_text").asText()).doesNotContain("has been told");
        assertThat(end.text()).contains("not done, autonomy_frozen");
    }

    static JsonNode mail(boolean answerable) {
        ObjectNode data = data("conversation_id", "c1", "entity_id", "entity:aurora", "subject", "Our order");
        data.put("classification", answerable ? "person" : "auto_reply").put("answerable", answerable);
        data.putObject("from").put("address", "ana@aurora.example").put("name", "Ana Silva");
        return data;
    }
}
