package org.capitania.registry.curation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.contract.Json;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.catalogue.Risk;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.catalogue.ToolScope;
import org.capitania.registry.catalogue.Verb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may have what at all: the seeds' sets of 17.3, 18.3 and 33.4 and their restrictions of 33.8, a line each. */
class RestrictionsTest {
    private static final List<String> ROLES = List.of("chief", "operator");
    private static final Pattern TOOLS = Pattern.compile("(?ms)^## Tools\\s*$(.*?)(?=^## |\\z)");
    private static final Pattern LINE = Pattern.compile("(?m)^- ([a-z_]+)");

    private final Catalogue catalogue = Catalogue.load();
    private final Ceilings ceilings = Ceilings.load(catalogue);

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "hq_autonomy, status, operator",
        "hq_autonomy, freeze, operator",
        "hq_autonomy, kill, operator",
        "hq_autonomy, thaw, nobody",
        "hq_agent, pause, operator",
        "hq_agent, resume, operator",
        "hq_agent, restart, operator",
        "hq_agent, handover, operator",
        "hq_proposal, rollback, operator",
        "shell, shell, operator",
        "hq_tools, revoke, nobody",
        "hq_graduation, grant, nobody",
        "hq_graduation, revoke, nobody",
        "hq_review, resolve, nobody",
        "hq_entity, create, operator",
        "hq_gap, triage, operator",
        "hq_producer, map, operator",
        "hq_entity, update, operator",
        "hq_engagement, close, operator",
        "email_send, email_send, chief",
        "email_thread_read, email_thread_read, chief",
        "calendar_create_event, calendar_create_event, chief",
        "notify_owner, notify_owner, chief",
        "hq_brief, write, chief",
        "migration_plan, migration_plan, operator",
        "migration_apply, migration_apply, operator",
        "finance_import, finance_import, operator",
        "kb_ingest_run, kb_ingest_run, operator",
        "graph_reconcile, graph_reconcile, operator",
        "worker_run, worker_run, operator",
        "hq_edit_log, hq_edit_log, operator",
        "hq_examples_promote, hq_examples_promote, operator",
        "hq_examples_pin, hq_examples_pin, operator",
        "hq_task, complete, operator",
    })
    void shouldBeGrantedToNobodyElse(String tool, String action, String only) {
        Set<String> may = new TreeSet<>();
        ROLES.stream().filter(role -> may(role, tool, action)).forEach(may::add);
        assertThat(may).isEqualTo(only.equals("nobody") ? Set.of() : Set.of(only));
    }

    @Test
    void shouldMergeForNobodyWithoutAnApproval() {
        assertThat(verb("hq_entity", "merge").risk()).isEqualTo(Risk.GATED);
    }

    @Test
    void shouldSendForNobodyWithoutAnApprovalUnlessGraduated() {
        assertThat(catalogue.all().stream()
                        .flatMap(tool -> tool.verbs().isEmpty()
                                ? List.of(verb(tool.name(), "")).stream()
                                : tool.verbs().stream())
                        .filter(verb -> verb.scope() == ToolScope.OUTBOUND))
                .isNotEmpty()
                .allSatisfy(verb -> assertThat(verb.risk()).isNotEqualTo(Risk.DIRECT));
    }

    @Test
    void shouldGiveOperatorNothingThatLeavesTheCompany() {
        ceilings.of("operator")
                .keySet()
                .forEach(tool -> assertThat(catalogue.find(tool).orElseThrow().scope())
                        .as(tool)
                        .isNotEqualTo(ToolScope.OUTBOUND));
    }

    @Test
    void shouldLetOnlyTheOwnerThawGraduateAndTakeBack() {
        assertThat(List.of(
                        verb("hq_autonomy", "thaw"),
                        verb("hq_graduation", "grant"),
                        verb("hq_graduation", "revoke"),
                        verb("hq_tools", "revoke"),
                        verb("hq_review", "resolve")))
                .allSatisfy(verb -> assertThat(verb.ownerOnly()).as(verb.name()).isTrue());
        assertThat(verb("hq_tools", "request").risk()).isEqualTo(Risk.GATED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "chief|hq_timeline hq_entity hq_engagement hq_interaction hq_proposal hq_examples_find hq_action_log hq_trace"
                        + " project_run email_thread_read email_search email_send calendar_read calendar_create_event notify_owner kb_search"
                        + " file_read file_grep file_glob file_edit file_write web_fetch web_search agent_spawn",
                "operator|hq_timeline hq_entity hq_engagement hq_task hq_proposal worker_run hq_trace hq_memory hq_producer hq_autonomy"
                        + " hq_agent hq_playbook hq_examples_find hq_examples_promote hq_examples_pin hq_action_log hq_edit_log migration_plan"
                        + " migration_apply kb_ingest_run graph_reconcile finance_import"
                        + " file_read file_grep file_glob file_edit file_write shell agent_spawn graph_traverse"
            })
    void shouldAskForItsSetAsFarAsItIsThere(String role, String set) throws IOException {
        Set<String> asked = workspace(role);
        for (String tool : Arrays.asList(("hq_search hq_describe hq_event_log hq_tools " + set).split(" "))) {
            assertThat(ceilings.of(role)).as("the ceiling of %s", role).containsKey(tool);
            if (catalogue.find(tool).orElseThrow().available()) {
                assertThat(asked).as("the workspace of %s", role).contains(tool);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chief", "operator"})
    void shouldAskForNothingAboveItsCeilingOrNotThereYet(String role) throws IOException {
        assertThat(workspace(role)).isNotEmpty().allSatisfy(tool -> {
            assertThat(ceilings.of(role)).containsKey(tool);
            assertThat(catalogue.find(tool).filter(ToolDefinition::available)).isPresent();
        });
    }

    private boolean may(String role, String tool, String action) {
        Map<String, Set<String>> ceiling = ceilings.of(role);
        Set<String> actions = ceiling.getOrDefault(tool, Set.of());
        boolean granted = actions.contains("*") || actions.contains(action);
        return granted && !verb(tool, action).ownerOnly();
    }

    private Verb verb(String tool, String action) {
        return catalogue
                .find(tool)
                .orElseThrow()
                .verb(Json.MAPPER.createObjectNode().put("action", action));
    }

    private static Set<String> workspace(String role) throws IOException {
        try (InputStream in = RestrictionsTest.class.getResourceAsStream("/workspaces/" + role + "/agent.md")) {
            Matcher section = TOOLS.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            assertThat(section.find()).isTrue();
            Set<String> tools = new TreeSet<>();
            LINE.matcher(section.group(1)).results().forEach(line -> tools.add(line.group(1)));
            return tools;
        }
    }
}
