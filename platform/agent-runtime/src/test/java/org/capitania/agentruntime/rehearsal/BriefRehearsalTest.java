package org.capitania.agentruntime.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.agentruntime.rehearsal.ChiefRehearsalTest.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.capitania.contract.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The owner's brief from the facts of a day, and the page before a meeting, in both languages. */
class BriefRehearsalTest {
    private static final JsonNode BEAT = data("name", "chief_brief", "due_at", "2026-11-22T07:00:00Z");

    private static Rehearsal brief(FakeCompany company) {
        return Rehearsal.of("chief", company)
                .receive("beat.fired", "chief_brief", BEAT)
                .play();
    }

    private static ObjectNode facts(Language l, String sections) {
        ObjectNode facts = data(
                "day",
                "2026-11-22",
                "timezone",
                "Europe/Lisbon",
                "since",
                "2026-11-21T07:00:00Z",
                "language",
                l.say("en", "pt-PT"));
        facts.set("sections", Json.read(sections, JsonNode.class));
        return facts;
    }

    private static JsonNode busyDay(Language l) {
        return facts(l, """
                [{"name":"queue","source":"approval-service","figures":[
                    {"name":"waiting","value":1,"unit":"proposals"},{"name":"oldest","value":72.4,"unit":"hours"},
                    {"name":"median_age","value":5,"unit":"hours","goal":4,"holds":false},{"name":"reviews","value":2,"unit":"questions"}],
                  "items":[{"id":"p-1","summary":"A reply to Ana","since":"2026-11-19T07:00:00Z"}]},
                 {"name":"gaps","source":"graph-service","figures":[{"name":"gaps","value":1,"unit":"views"}],
                  "items":[{"name":"gap_overdue_replies","description":"Late replies","count":2,"agent":"chief","worst":"Ana waits since Monday."}]},
                 {"name":"pipeline","source":"graph-service","figures":[{"name":"deals","value":1,"unit":"deals"},
                    {"name":"value","value":350.5,"unit":"EUR"},{"name":"at_risk","value":30,"unit":"EUR"}],
                  "items":[{"stage":"proposal","count":1},{"id":"g-1","title":"Shop","stage":"proposal","at_risk":30,"currency":"EUR"}]},
                 {"name":"costs","source":"budgets","figures":[{"name":"month","value":47,"unit":"USD","goal":50,"holds":true}],"items":[]},
                 {"name":"write_conflicts","source":"journal","figures":[{"name":"write_conflicts","value":1,"unit":"targets"}],
                  "items":[{"target":"n-1","title":"Aurora","actors":["agent:chief","agent:operator"],"writes":2}]},
                 {"name":"graduation","source":"decisions","figures":[{"name":"ready","value":0,"unit":"acts"}],
                  "items":[{"agent":"chief","act":"email_send","ready":false,"graduated":false,"lacking":["pinned"]}]},
                 {"name":"missing_steps","source":"grades","figures":[],"items":[{"step":"ask operator first","after":"email_thread_read","times":3}]}]
                """);
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldSayWhatIsAndWhatItWouldDoAboutEach(Language l) {
        Rehearsal end = brief(FakeCompany.of(l).answering("hq_brief facts", busyDay(l)));

        assertThat(end.calls).extracting(Rehearsal.Called::action).containsExactly("facts", "write");
        String text = end.made("hq_brief write").path("text").asText();
        assertThat(text)
                .startsWith(l.say("# Brief of 22 November 2026", "# Resumo de 22 de novembro de 2026"))
                .contains(l.say(
                        "1 proposal waits for you, the oldest for 3 days",
                        "1 proposta espera por si, a mais antiga há 3 dias"))
                .contains("“A reply to Ana”", l.say("2 questions wait", "2 perguntas esperam"))
                .contains(l.say("more than 5 hours", "há mais de 5 horas"))
                .contains("Late replies: 2.", "Ana waits since Monday.")
                .contains("350.5 EUR", l.say("proposal: 1 deal.", "proposal: 1 negócio."))
                .contains(l.say("47 of 50 USD. I would raise the ceiling", "47 de 50 USD. Eu subia o limite"))
                .contains(l.say("written by chief and operator", "escrito por chief e operator"))
                .contains(l.say("five examples that you have pinned", "cinco exemplos fixados por si"))
                .contains("“ask operator first”", l.say("3 times", "3 vezes"));
        assertThat(text.lines().filter(line -> line.startsWith("## "))).hasSize(7);
        assertThat(text.lines().filter(line -> line.startsWith(l.say("- Source: ", "- Fonte: "))))
                .hasSize(7);
        assertThat(text.lines()
                        .filter(line -> line.startsWith("- “"))
                        .allMatch(line -> line.contains(l.say("I would", "Eu ")) || line.contains("eu ")))
                .isTrue();
        assertThat(end.made("hq_brief write").path("headline").asText())
                .contains(l.say("1 list has something late", "1 lista tem algo atrasado"))
                .contains(l.say("1 record was written twice", "1 registo foi escrito duas vezes"));
        assertThat(end.reason()).contains("morning brief");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldSayThatNothingIsWantedOnAQuietDay(Language l) {
        Rehearsal end = brief(FakeCompany.of(l).answering("hq_brief facts", facts(l, """
                [{"name":"queue","source":"s","figures":[{"name":"waiting","value":0,"unit":"proposals"}],"items":[]},
                 {"name":"costs","source":"s","figures":[{"name":"month","value":0,"unit":"USD","goal":50,"holds":true}],"items":[]}]
                """)));

        String text = end.made("hq_brief write").path("text").asText();
        assertThat(text).contains(l.say("Nothing needs you today.", "Hoje nada precisa de si."));
        assertThat(text.lines().filter(line -> line.startsWith("## "))).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldTellOnAMondayWhatWasLearnedAndNothingWhereNothingWas(Language l) {
        String week = """
                [{"name":"learned","source":"s","figures":[{"name":"decided","value":7,"unit":"drafts"},
                    {"name":"changed","value":2,"unit":"drafts"},{"name":"bad_steps","value":1,"unit":"grades"}],
                  "items":[{"learned":"correction","act":"email_send","became":"rewrote","note":"Shorter, please"},
                           {"learned":"step","step":"ask operator first","after":"email_thread_read","times":3},
                           {"learned":"example","id":"n-1","title":"A reply to Rita"},
                           {"learned":"playbook","id":"n-2","title":"Late orders"},
                           {"learned":"lesson","id":"n-3","title":"Never promise a date."},
                           {"learned":"graduation","agent":"chief","act":"email_send","granted":true}]}]
                """;
        String text = brief(FakeCompany.of(l).answering("hq_brief facts", facts(l, week)))
                .made("hq_brief write")
                .path("text")
                .asText();

        assertThat(text)
                .contains(l.say("## What we learned last week", "## O que aprendemos na semana passada"))
                .contains(l.say("Of 7 drafts you changed 2 and rejected 0.", "De 7 rascunhos alterou 2 e recusou 0."))
                .contains(l.say("1 step was wrong", "1 passo estava errado"))
                .contains("“Shorter, please”", "“A reply to Rita”", "“Late orders”", "“Never promise a date.”")
                .contains(l.say(
                        "“ask operator first” was left out 3 times", "“ask operator first” ficou por fazer 3 vezes"))
                .contains(l.say("Sending mail may go out without asking", "Enviar e-mail pode seguir sem perguntar"));
        assertThat(text.lines().filter(line -> line.startsWith("- ") && !line.contains(l.say("Source", "Fonte"))))
                .hasSize(8)
                .allMatch(line -> line.contains(l.say("I would", " Eu ")));
        assertThat(brief(FakeCompany.of(l).answering("hq_brief facts", facts(l, """
                [{"name":"learned","source":"s","figures":[],"items":[]}]""")))
                        .made("hq_brief write")
                        .path("text")
                        .asText())
                .doesNotContain("## ");
    }

    @ParameterizedTest
    @CsvSource({
        "12, 1, 0, I would read more before I draft.",
        "12, 11, 0, I would read more of it myself.",
        "12, 5, 2, tried 2 times to write what is not ours",
        "3, 0, 1, tried 1 time to write"
    })
    void shouldSayWhereTheAgentsUseToolsOddly(int replies, int dives, int violations, String said) {
        assertThat(used(replies, dives, violations)).contains("How we use what we may", said);
    }

    @ParameterizedTest
    @CsvSource({"12, 5, 0", "9, 0, 0"})
    void shouldSayNothingOfUseThatIsAsItShouldBe(int replies, int dives, int violations) {
        assertThat(used(replies, dives, violations)).doesNotContain("How we use");
    }

    private static String used(int replies, int dives, int violations) {
        return new BriefPage(Language.ENGLISH, facts(Language.ENGLISH, """
                [{"name":"utilization","source":"journal","items":[],"figures":[{"name":"replies","value":%d,"unit":"tasks"},
                    {"name":"deep_dives","value":%d,"unit":"tasks"},{"name":"cross_scope_violations","value":%d,"unit":"calls"}]}]
                """.formatted(replies, dives, violations)))
                .text();
    }

    @Test
    void shouldSaySoWhenASourceCouldNotBeAsked() {
        Rehearsal end =
                brief(FakeCompany.of(Language.ENGLISH).answering("hq_brief facts", facts(Language.ENGLISH, """
                [{"name":"gaps","source":"graph-service","figures":[],"items":[],"unavailable":"graph-service is away"}]
                """)));

        assertThat(end.made("hq_brief write").path("text").asText())
                .contains("## What is late or missing", "This could not be had today.");
        assertThat(end.made("hq_brief write").path("headline").asText()).contains("not all of it could be had");
    }

    @Test
    void shouldWriteNothingWithoutFacts() {
        Rehearsal end = brief(FakeCompany.of(Language.ENGLISH).refusing("hq_brief facts", "autonomy_frozen"));

        assertThat(end.calls).extracting(Rehearsal.Called::action).containsExactly("facts");
        assertThat(end.reason()).contains("no brief: autonomy_frozen");
    }

    private static ObjectNode meeting(Language l) {
        ObjectNode event = data(
                "event_id", "v-1",
                "title", l.say("Talk about the order", "Conversa sobre a encomenda"),
                "starts_at", "2026-12-01T10:00:00Z",
                "zone", "Europe/Lisbon",
                "language", l.say("en", "pt-PT"));
        event.putArray("guests")
                .addObject()
                .put("address", "ana@aurora.example")
                .put("name", "Ana Silva")
                .put("contact_id", "contact:ana");
        return event;
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldPreparePageWhenAMeetingWithOutsidersIsNear(Language l) {
        Rehearsal end = Rehearsal.of("chief", FakeCompany.of(l))
                .receive("calendar.meeting_due", "", meeting(l))
                .play();

        assertThat(end.tools()).containsExactly("hq_describe", "hq_timeline", "hq_agent", "hq_brief");
        JsonNode page = end.made("hq_brief write");
        assertThat(page.path("event").asText()).isEqualTo("v-1");
        assertThat(page.path("text").asText())
                .contains(l.say("It begins on 1 December 2026 at 10:00.", "Começa a 1 de dezembro de 2026 às 10:00."))
                .contains(l.say("Who comes: Ana Silva.", "Quem vem: Ana Silva."), "2026-11-20: Aurora")
                .contains("Aurora is recorded as entity", l.say("Three questions", "Três perguntas"))
                .doesNotContain(l.say("Before, it was", "Antes, estava"));
        assertThat(page.path("headline").asText()).contains(l.say("1 December 2026", "1 de dezembro de 2026"));
    }

    @Test
    void shouldSayWhenTheMeetingHasMovedAndFindWhoHasNoRecordHere() {
        ObjectNode event = meeting(Language.ENGLISH).put("moved_from", "2026-12-01T09:00:00Z");
        ((ObjectNode) event.at("/guests/0")).remove("contact_id");
        Rehearsal end = Rehearsal.of("chief", FakeCompany.of(Language.ENGLISH))
                .receive("calendar.meeting_due", "", event)
                .play();

        assertThat(end.tools()).startsWith("hq_search", "hq_describe");
        assertThat(end.made("hq_brief write").path("text").asText())
                .contains("Before, it was to begin on 1 December 2026 at 09:00.");
    }

    @Test
    void shouldWaitWithThePageUntilTheMeetingIsNear() {
        Rehearsal end = Rehearsal.of("chief", FakeCompany.of(Language.ENGLISH))
                .receive("calendar.external_changed", "", data("title", "Talk", "starts_at", "2026-12-01T10:00:00Z"))
                .play();

        assertThat(end.calls).isEmpty();
        assertThat(end.text()).contains("within a day before it");
    }

    @ParameterizedTest
    @CsvSource({"0, 0 lists, 0 listas", "1, 1 list, 1 lista", "2, 2 lists, 2 listas"})
    void shouldUseTheRightWordForOneAndForSeveral(long count, String english, String portuguese) {
        assertThat(Language.ENGLISH.count(count, "list", "lists", "lista", "listas"))
                .isEqualTo(english);
        assertThat(Language.PORTUGUESE.count(count, "list", "lists", "lista", "listas"))
                .isEqualTo(portuguese);
    }
}
