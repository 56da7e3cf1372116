package org.capitania.agentruntime.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.agentruntime.rehearsal.ChiefRehearsalTest.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each of operator's triggers ends with what it is there for, in both languages, by calls that the catalogue lets pass. */
class OperatorRehearsalTest {

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldProposeTheMappingWhenOneRecordFitsASource(Language l) {
        Rehearsal end = play(l, "producer.unmapped", "", "slug", "producer:shop");

        assertThat(end.made("hq_producer map").path("ref").asText()).isEqualTo("producer:shop");
        assertThat(end.made("hq_producer map").path("trust").asText()).isEqualTo("external");
        assertThat(end.made("hq_producer map").path("description").asText()).contains("Aurora");
        assertThat(end.text()).contains("waits for the owner as proposal p-7");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldMakeATaskWhenNoRecordFitsASource(Language l) {
        Rehearsal end = Rehearsal.of(
                        "operator", FakeCompany.of(l).answering("hq_search", Map.of("hits", List.of(), "count", 0)))
                .receive("producer.unmapped", "", data("slug", "producer:shop"))
                .play();

        assertThat(end.made("hq_task create").path("title").asText())
                .isEqualTo(l.say("Map the source The orders of the shop", "Associar a fonte As encomendas da loja"));
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldMakeATaskWhenAnEventHasNoKind(Language l) {
        Rehearsal end = play(
                l,
                "event.unclassified",
                "",
                "source",
                "bank",
                "text",
                l.say("The fee is higher now.", "A comissão já é mais alta."));

        assertThat(end.made("hq_task create").path("title").asText())
                .isEqualTo(l.say("Name the kind of an event from Bank", "Classificar um evento de Bank"));
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldMakeATaskWhenAFigureIsStrange(Language l) {
        Rehearsal end =
                play(l, "finance.anomaly", "", "entity_slug", "entity:aurora", "amount", "120", "summary", "Twice.");

        assertThat(end.made("hq_task create").path("kind").asText()).isEqualTo("finance");
        assertThat(end.made("hq_task create").path("title").asText())
                .isEqualTo(l.say("Check a figure of Aurora", "Verificar um valor de Aurora"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"agent_incident.created", "alert.fired"})
    void shouldMakeATaskWithoutIdsWhenAnIncidentIsFiled(String type) {
        for (Language l : Language.values()) {
            Rehearsal end = play(
                    l,
                    type,
                    "",
                    "check",
                    "run_stuck",
                    "role",
                    "chief",
                    "detail",
                    l.say("The run", "A execução que está") + " 0199aa10-7c1e-7cc2-b3a5-0d8b6f3e9a11 "
                            + l.say("is stuck.", "parada."));

            assertThat(end.made("hq_task create").path("title").asText())
                    .isEqualTo(l.say("Look into run stuck of chief", "Analisar run stuck do agente chief"));
            assertThat(end.made("hq_task create").path("description").asText()).doesNotContain("0199aa10");
        }
    }

    @Test
    void shouldMakeNoSecondTaskWhenTheSameIncidentComesAgain() {
        FakeCompany company = FakeCompany.of(Language.ENGLISH)
                .answering(
                        "hq_task list",
                        Map.of(
                                "items",
                                List.of(Map.of(
                                        "id", "1", "slug", "task:run", "title", "Look into run stuck of chief"))));
        Rehearsal end = Rehearsal.of("operator", company)
                .receive(
                        "agent_incident.created",
                        "",
                        data("check", "run_stuck", "role", "chief", "detail", "The run is stuck."))
                .play();

        assertThat(end.tools()).containsExactly("hq_task", "hq_event_log");
        assertThat(end.made("hq_event_log").path("about").path(0).asText()).isEqualTo("task:run");
    }

    @Test
    void shouldNoteThatAnAlertIsOverWithItsTaskAndDoNothingWhereThereIsNone() {
        FakeCompany company = FakeCompany.of(Language.ENGLISH)
                .answering(
                        "hq_task list",
                        Map.of("items", List.of(Map.of("id", "1", "slug", "task:d", "title", "Look into disk full"))));
        var over = data("name", "disk_full", "summary", "There is room again.");

        Rehearsal noted = Rehearsal.of("operator", company)
                .receive("alert.cleared", "", over)
                .play();
        Rehearsal nothing = Rehearsal.of("operator", FakeCompany.of(Language.ENGLISH))
                .receive("alert.cleared", "", over)
                .play();

        assertThat(noted.tools()).containsExactly("hq_task", "hq_event_log");
        assertThat(noted.made("hq_event_log").path("about").path(0).asText()).isEqualTo("task:d");
        assertThat(noted.made("hq_event_log").path("title").asText()).isEqualTo("Look into disk full (over)");
        assertThat(nothing.tools()).containsExactly("hq_task");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldMakeATaskForTheFirstMissingThingWhenAFeatureMoves(Language l) {
        Rehearsal end = play(
                l,
                "feature.status_changed",
                "in_review",
                "slug",
                "feature:f",
                "before",
                "in_progress",
                "after",
                "in_review");

        assertThat(end.made("hq_task create").path("title").asText())
                .isEqualTo(l.say("Review Search by the name of the author", "Rever Pesquisa por nome de autor"));
        assertThat(end.made("hq_task create").path("about").path(0).asText()).isEqualTo("feature:f");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldCompareWhatIsRecordedWhenAnArticleComes(Language l) {
        Rehearsal end = play(l, "kb.ingest.completed", "", "title", l.say("The price of the year", "O preço do ano"));

        assertThat(end.made("hq_task create").path("title").asText())
                .isEqualTo(l.say("Compare Aurora with a new article", "Comparar Aurora com um artigo novo"));
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldCloseATaskWithWhatWasFoundWhenItAsksForALook(Language l) {
        Rehearsal end = play(l, "task.assigned_to", "operator", "task_slug", "task:t", "assignee", "operator");

        assertThat(end.made("hq_task complete").path("outcome").asText())
                .contains(l.say("Aurora is recorded", "Aurora está registado"));
        assertThat(end.made("hq_task complete").path("version").asInt()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldCloseATaskWithWhatTheProjectAgentReports(Language l) {
        FakeCompany company = FakeCompany.of(l).answering("project_run", Map.of("result", "Page 3 is mended."));
        Rehearsal end = new Rehearsal("operator", company, List.of("project_run"), 0, "t")
                .receive("task.assigned_to", "project:shop", data("task_slug", "task:t", "assignee", "project:shop"))
                .play();

        assertThat(end.made("project_run").path("project").asText()).isEqualTo("project:shop");
        assertThat(end.made("hq_task complete").path("outcome").asText()).contains("Page 3 is mended.");
    }

    @Test
    void shouldLeaveATaskOpenThatTheProjectAgentHasNotDone() {
        FakeCompany company = FakeCompany.of(Language.ENGLISH)
                .answering("project_run", Map.of("answer", "[rehearsal] NOT DONE: a person has to."));
        Rehearsal end = new Rehearsal("operator", company, List.of("project_run"), 0, "t")
                .receive("task.assigned_to", "project:shop", data("task_slug", "task:t", "assignee", "project:shop"))
                .play();

        assertThat(end.made("hq_task update").path("status").asText()).isEqualTo("blocked");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldSayInTheTaskWhatIsMissingWhenItCannotBeDone(Language l) {
        Rehearsal end = play(l, "task.assigned_to", "project:shop", "task_slug", "task:t", "assignee", "project:shop");

        assertThat(end.made("hq_task update").path("status").asText()).isEqualTo("blocked");
        assertThat(end.made("hq_task update").path("description").asText())
                .contains(
                        l.say("The project agent did not finish it", "O agente do projeto não a concluiu"),
                        l.say("We need the address", "Precisamos da morada"));
        assertThat(end.text()).contains("The word in the task: done.");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldPutItBeforeTheOwnerWhenTheSchemaIsToChange(Language l) {
        Rehearsal end = play(
                l,
                "proposal.requested",
                "",
                "kind",
                "migration",
                "proposal_id",
                "p-1",
                "summary",
                l.say("Drop the old table", "Remover a tabela que já não se usa"));

        assertThat(end.tools()).containsExactly("hq_proposal", "hq_examples_find", "request_approval");
        assertThat(end.made("request_approval").path("title").asText())
                .startsWith(l.say("Decide about", "Decidir sobre"));
        assertThat(end.text()).contains("waits for the owner as proposal p-9");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldReconcileAndPutGapsOnTheListAtNight(Language l) {
        Rehearsal end = play(l, "beat.fired", "operator_night", "name", "operator_night");

        assertThat(end.tools()).containsExactly("graph_reconcile", "graph_reconcile", "hq_gap");
        assertThat(end.made("hq_gap triage").path("limit").asInt()).isEqualTo(5);
        assertThat(end.text())
                .contains(
                        "The merge of entity:aurora-lda and entity:aurora waits for the owner as proposal p-8",
                        "Perhaps the same, and the owner is asked: entity:a and entity:b",
                        "Perhaps the same, and the owner is asked: entity:c and entity:d",
                        "Mended: Rui works for Aurora Lda",
                        "Cannot be right, and the owner is asked: Eva first of all",
                        "Two tasks changed \"Aurora\" within the hour: s:1:1, t:4:1",
                        "On the list as task:resolve-late",
                        "2 lesser gaps are left");
    }

    @ParameterizedTest
    @CsvSource({"Porto, 1, same, 0.95", "Braga, 2, different, 0.95", "Porto, 2, unsure, 0.5"})
    void shouldCompareWhatNoRuleSettles(String city, String phone, String verdict, double confidence) {
        FakeCompany company = FakeCompany.of(Language.ENGLISH)
                .answering("graph_reconcile", FakeCompany.reconciled(FakeCompany.toJudge(city, phone)));
        Rehearsal end = Rehearsal.of("operator", company)
                .receive("beat.fired", "operator_night", data("name", "operator_night"))
                .play();

        JsonNode said = end.calls.get(1).arguments().path("verdicts").path(0);
        assertThat(said.path("ref").asText() + said.path("into").asText()).isEqualTo("entity:centity:d");
        assertThat(said.path("verdict").asText()).isEqualTo(verdict);
        assertThat(said.path("confidence").asDouble()).isEqualTo(confidence);
        assertThat(said.path("why").asText()).startsWith("Of 2 things that both say");
    }

    @Test
    void shouldDoWhatTheOwnerAnsweredAndNothingElse() {
        Rehearsal end = play(
                Language.ENGLISH,
                "review.resolved",
                "",
                "review_id",
                "r-1",
                "kind",
                "duplicate",
                "subject",
                "duplicate:1:2");

        assertThat(end.tools()).containsExactly("graph_reconcile");
        assertThat(end.calls.getFirst().arguments().path("refs").path(0).asText())
                .isEqualTo("duplicate:1:2");
        assertThat(end.text()).contains("entity:aurora-lda and entity:aurora waits for the owner as proposal p-8");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldSayThatTheNightWasQuietWhenNothingIsAmiss(Language l) {
        Rehearsal end = Rehearsal.of(
                        "operator",
                        FakeCompany.of(l)
                                .answering("graph_reconcile", FakeCompany.reconciled())
                                .answering("hq_gap triage", Map.of("items", List.of(), "made", 0)))
                .receive("beat.fired", "operator_night", data("name", "operator_night"))
                .play();

        assertThat(end.tools()).containsExactly("graph_reconcile", "hq_gap");
        assertThat(end.text()).contains("nothing to put on the list");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldTakeOverGoodExamplesInTheEvening(Language l) {
        Rehearsal end = play(l, "beat.fired", "operator_learning", "name", "operator_learning");

        assertThat(end.made("hq_examples_promote").path("ref").asText()).isEqualTo("example:good");
        assertThat(end.tools()).containsExactly("hq_examples_find", "hq_examples_promote");
        assertThat(end.text()).contains("1 candidate stays as it is.");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldPutATaskOnTheListWhenTheOwnerAsksForOne(Language l) {
        Rehearsal end = play(
                l,
                "owner.dm",
                "",
                "to",
                "operator",
                "text",
                l.say("Add a task: count the books", "Adiciona uma tarefa: contar os livros"));

        assertThat(end.made("hq_task create").path("title").asText())
                .isEqualTo(l.say("Count the books", "Contar os livros"));
        assertThat(end.made("hq_task create").path("driver").asText()).isEqualTo("owner");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldPutWhatWeOweOnTheListOnceWhenItsTimeHasCome(Language l) {
        Rehearsal end = play(l, "obligation.due", "we_owe", owed("we_owe"));

        assertThat(end.tools()).containsExactly("hq_describe", "hq_task", "hq_task");
        assertThat(end.made("hq_task create").path("title").asText())
                .isEqualTo(l.say("Keep our word: Aurora", "Cumprir a nossa palavra: Aurora"));
        assertThat(end.made("hq_task create").path("description").asText())
                .contains(l.say("since 20 November 2026", "desde 20 de novembro de 2026"));
        assertThat(end.made("hq_task create").path("about").path(0).asText()).isEqualTo("entity:aurora");
    }

    @Test
    void shouldLeaveAloneWhatIsSettledWhenItsTimeComes() {
        FakeCompany settled = FakeCompany.of(Language.ENGLISH)
                .answering(
                        "hq_describe",
                        Map.of(
                                "node",
                                Map.of(
                                        "id",
                                        "x",
                                        "slug",
                                        "expectation:x",
                                        "type",
                                        "expectation",
                                        "title",
                                        "The list",
                                        "version",
                                        2,
                                        "status",
                                        "resolved",
                                        "props",
                                        Map.of()),
                                "edges",
                                List.of()));
        Rehearsal end = Rehearsal.of("operator", settled)
                .receive("obligation.due", "we_owe", data(owed("we_owe")))
                .play();

        assertThat(end.tools()).containsExactly("hq_describe");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rejected", "failed", "stale", "unknown"})
    void shouldNoteWhatBecameOfItsOwnProposal(String state) {
        Rehearsal end = play(
                Language.ENGLISH,
                "proposal." + state,
                "",
                "proposal_id",
                "p-1",
                "tool",
                "hq_entity",
                "reason",
                "they are two");

        assertThat(end.calls).isEmpty();
        assertThat(end.text()).contains("is " + state + ": they are two");
    }

    static String[] owed(String direction) {
        return new String[] {
            "slug", "expectation:the-list", "direction", direction, "due_at", "2026-11-20T09:00:00Z", "kind", "sla"
        };
    }

    private static Rehearsal play(Language l, String type, String subject, String... fields) {
        return Rehearsal.of("operator", FakeCompany.of(l))
                .receive(type, subject, data(fields))
                .play();
    }
}
