package org.capitania.graph.types;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypeCatalogueTest {
    private final Types types = TypeFiles.read();

    @ParameterizedTest
    @ValueSource(strings = {"nodes", "edges"})
    void shouldListEveryFileWhenTypesAreIndexed(String kind) throws IOException {
        // Given
        Path folder = Path.of("src/main/resources/types", kind);
        // When
        List<String> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> name.substring(0, name.length() - 5))
                    .sorted()
                    .toList();
        }
        // Then
        assertThat(Files.readAllLines(folder.resolve("index.txt"))).isEqualTo(files);
    }

    @Test
    void shouldHaveEveryTypeOfTheDesignAndNoOther() {
        assertThat(types.nodeNames()).containsExactlyInAnyOrder("""
                entity contact engagement project feature task deliverable interaction conversation quote invoice payment expense intent \
                expectation turn_state document memo kb_article decision risk open_question producer event agent_run agent_session \
                agent_handover_memo memory_entry reasoning_trace agent_incident review playbook proposal triage_decision alert shopify_order \
                success_example""".split(" "));
        assertThat(types.edges().stream().map(EdgeType::name)).containsExactlyInAnyOrder("""
                produced_by authored_by from to cc has_participant touched part_of has_feature has_task belongs_to about mentions owned_by \
                works_for reports_to fulfills covers proposes billed_to for_work settles charged_to blocked_by blocks depends_on related_to \
                supersedes superseded_by duplicates duplicate_of spawned_from extracted_from addressed_to fulfilled_by spawned owed_by owed_to \
                input_to decided validated_by applied_by resolved_by linked_trace driven_by accountable consulted informed has_turn_state""".split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "driven_by,1,",
        "accountable,1,",
        "belongs_to,1,",
        "has_turn_state,1,1",
        "produced_by,1,",
        "has_feature,,1",
        "billed_to,1,",
        "charged_to,1,"
    })
    void shouldBoundTheEdgesThatTheDesignBounds(String edge, @Nullable Integer perFrom, @Nullable Integer perTo) {
        EdgeType type = types.edge(edge).orElseThrow();
        assertThat(type.maxPerFrom()).isEqualTo(perFrom == null ? OptionalInt.empty() : OptionalInt.of(perFrom));
        assertThat(type.maxPerTo()).isEqualTo(perTo == null ? OptionalInt.empty() : OptionalInt.of(perTo));
    }

    @Test
    void shouldLeadToPeopleWhereOnlyAPersonAnswers() {
        assertThat(types.edge("accountable").orElseThrow().to()).containsExactly("contact");
        assertThat(types.edge("informed").orElseThrow().to()).containsExactly("contact");
    }

    /** What the trigger refuse_circle knows, and BlockersIT proves. */
    @Test
    void shouldDeclareNoCircleButThoseThatTheStoreRefuses() {
        Map<String, String> charts = types.edges().stream()
                .filter(edge -> edge.schema().has("x-acyclic"))
                .collect(Collectors.toMap(
                        EdgeType::name, edge -> edge.schema().path("x-acyclic").asText()));
        assertThat(charts)
                .isEqualTo(Map.of(
                        "blocks",
                        "blocking",
                        "blocked_by",
                        "blocking",
                        "depends_on",
                        "blocking",
                        "reports_to",
                        "reports_to"));
    }

    @Test
    void shouldBeFlatAndSayWhatItIs() {
        assertThat(Stream.concat(
                        types.nodes().stream().map(NodeType::schema),
                        types.edges().stream().map(EdgeType::schema)))
                .allSatisfy(schema -> {
                    assertThat(schema.findValues("$ref")).isEmpty();
                    assertThat(schema.path("title").asText()).isNotBlank();
                    assertThat(schema.path("description").asText()).isNotBlank();
                });
    }

    @Test
    void shouldUseEachSensitivityAndNoOther() {
        assertThat(types.nodes().stream()
                        .flatMap(type -> type.schema().path("properties").properties().stream())
                        .map(prop -> prop.getValue().path("x-sensitivity").asText())
                        .filter(tag -> !tag.isEmpty())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("financial", "legal", "compliance", "personal");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "intent | kind urgency explicit_due_at confidence evidence_span",
                "expectation | kind direction asked_at due_at resolved_at severity description_md sla_source rrule",
                "turn_state | last_turn_at last_turn_by turnaround_sla_hours overdue_at",
                "agent_session | agent_id started_at ended_at turns_taken cost_usd model_used trigger_kind task_summary_md snapshot_md reason_closed",
                "memory_entry | kind body_md salience created_in_session last_validated_at decay_after_days",
                "agent_handover_memo | body_md open_tasks open_subscriptions pending_proposals",
                "reasoning_trace | output_md confidence canary_id",
                "feature | complexity acceptance_criteria",
                "project | tech_stack",
                "producer | kind role"
            })
    void shouldHaveThePropsOfTheDesign(String type, String props) {
        assertThat(types.node(type).orElseThrow().props().names()).contains(props.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "intent | open>fulfilled open>abandoned open>superseded fulfilled>open abandoned>open superseded>open",
                "expectation | open>overdue open>resolved open>abandoned open>superseded overdue>open overdue>resolved overdue>abandoned"
                        + " overdue>superseded resolved>open resolved>overdue abandoned>open abandoned>overdue superseded>open superseded>overdue",
                "turn_state | theirs>ours theirs>third_party theirs>blocked theirs>closed ours>theirs ours>third_party ours>blocked ours>closed"
                        + " third_party>theirs third_party>ours third_party>blocked third_party>closed blocked>theirs blocked>ours"
                        + " blocked>third_party blocked>closed closed>theirs closed>ours"
            })
    void shouldMoveByTheArrowsOfTheChartAndByNoOther(String name, String arrows) {
        NodeType type = types.node(name).orElseThrow();
        List<String> moves = type.statuses().stream()
                .flatMap(from -> type.statuses().stream()
                        .filter(to -> !to.equals(from) && type.mayMove(from, to))
                        .map(to -> from + ">" + to))
                .toList();
        assertThat(moves).containsExactlyInAnyOrder(arrows.split(" "));
    }

    @ParameterizedTest
    @CsvSource({"fact,30", "pattern,90", "preference,180", "anti_pattern,", "watch_item,"})
    void shouldForgetAMemoryAfterTheDaysOfItsKind(String kind, @Nullable Integer days) {
        // Given
        PropsSchema schema = types.node("memory_entry").orElseThrow().props();
        ObjectNode unsaid = object("{\"kind\": \"" + kind + "\", \"body_md\": \"B\"}");
        ObjectNode said = unsaid.deepCopy().put("decay_after_days", 7);
        // When
        schema.fill(unsaid);
        schema.fill(said);
        // Then
        assertThat(unsaid.path("decay_after_days").asText()).isEqualTo(days == null ? "" : days.toString());
        assertThat(said.path("decay_after_days").intValue()).isEqualTo(7);
        assertThat(schema.check(unsaid, "")).isEmpty();
    }

    @Test
    void shouldNameOnlyKnownTypesWhenEdgesSayTheirEnds() {
        for (EdgeType edge : types.edges()) {
            assertThat(Stream.concat(edge.from().stream(), edge.to().stream()).filter(end -> !end.equals("*")))
                    .as(edge.name())
                    .allMatch(end -> types.node(end).isPresent());
        }
    }

    @Test
    void shouldHaveItsDefaultAndItsSlugPropsWhenATypeIsRead() {
        for (NodeType type : types.nodes()) {
            assertThat(type.props().names()).as(type.name()).containsAll(type.slugProps());
            assertThat(type.schema().path("additionalProperties").asBoolean(true))
                    .as(type.name())
                    .isFalse();
            if (type.defaultStatus() != null) {
                assertThat(type.statuses()).as(type.name()).contains(type.defaultStatus());
            }
            assertThat(type.props().check(object("{}"), ""))
                    .allMatch(error -> error.message().endsWith("is required"));
        }
    }

    @Test
    void shouldSayPathFoundAndAllowedWhenAPropIsUnknown() {
        // When
        List<FieldError> errors = check("interaction", """
                {"channel": "email", "sbuject": "Hi"}
                """);
        // Then
        assertThat(errors).singleElement().satisfies(error -> {
            assertThat(error.path()).isEqualTo("/ops/0/props/sbuject");
            assertThat(error.found()).isEqualTo("sbuject");
            assertThat(error.allowed()).contains("subject", "message_id");
        });
    }

    @Test
    void shouldSayPathFoundAndAllowedWhenValuesAreWrong() {
        // When
        List<FieldError> errors = check("interaction", """
                {"channel": "pigeon", "attachments": [{"name": "a.pdf", "colour": "red"}], "to": "ana@x.pt"}
                """);
        // Then
        assertThat(errors)
                .extracting(FieldError::path, FieldError::found)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("/ops/0/props/channel", "pigeon"),
                        org.assertj.core.groups.Tuple.tuple("/ops/0/props/attachments/0/colour", "colour"),
                        org.assertj.core.groups.Tuple.tuple("/ops/0/props/to", "ana@x.pt"));
        assertThat(errors)
                .filteredOn(error -> error.path().endsWith("channel"))
                .singleElement()
                .satisfies(error -> assertThat(error.allowed()).contains("whatsapp"));
        assertThat(errors)
                .filteredOn(error -> error.path().endsWith("colour"))
                .singleElement()
                .satisfies(error -> assertThat(error.allowed()).contains("sha256"));
    }

    private List<FieldError> check(String type, String props) {
        return types.node(type).orElseThrow().props().check(object(props), "/ops/0/props");
    }

    private static ObjectNode object(String json) {
        return Json.read(json, ObjectNode.class);
    }
}
