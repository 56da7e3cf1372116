package org.capitania.graph.gap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.api.Gap;
import org.capitania.contract.api.MutationResult;
import org.capitania.graph.DirectSql;
import org.capitania.graph.GraphApi;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class GapsIT {
    private static final GraphApi ELSEWHERE = new GraphApi("user:elsewhere", "other");

    static List<GapCase> cases() {
        return GapCase.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void shouldShowTheGapUntilItIsMendedWhenItsConditionHolds(GapCase gap) {
        // Given
        MutationResult made = gap.create();
        String amiss = made.byRef("x").id();
        if (gap.daysAhead() > 0) {
            assertThat(rows(OWNER, gap, 0))
                    .as("before its time")
                    .extracting(Gap::nodeIds)
                    .noneMatch(ids -> ids.contains(amiss));
        }
        // When
        Gap row = rows(OWNER, gap, gap.daysAhead()).stream()
                .filter(g -> g.nodeIds().getFirst().equals(amiss))
                .findFirst()
                .orElseThrow(() -> new AssertionError(gap.name() + " does not show " + amiss));
        // Then
        assertThat(row.sentence()).contains(gap.unique()).endsWith(".").doesNotContain("null", "%");
        assertThat(row.severity()).isIn("blocker", "impactful", "nice");
        assertThat(row.since())
                .isBefore(Instant.now().plus(gap.daysAhead(), ChronoUnit.DAYS).plusSeconds(1));
        assertThat(row.slug()).isEqualTo(made.byRef("x").slug());
        // And when
        gap.mend(made);
        // Then
        assertThat(rows(OWNER, gap, gap.daysAhead())).extracting(Gap::nodeIds).noneMatch(ids -> ids.contains(amiss));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldShowNothingOfATenantWhenAnotherAsks(GapCase gap) {
        // Given
        String amiss = gap.create().byRef("x").id();
        // Then
        assertThat(rows(ELSEWHERE, gap, gap.daysAhead()))
                .extracting(Gap::nodeIds)
                .noneMatch(ids -> ids.contains(amiss));
    }

    @Test
    void shouldShowADocumentUntilItIsEmbedded() throws SQLException {
        // Given
        String name = unique("contract");
        UUID id = UUID.fromString(OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "x", "type": "document", "props": {"title": "%s"}}]}""", name).byRef("x").id());
        assertThat(rows(OWNER, "gap_documents_never_embedded", 0))
                .anyMatch(row ->
                        row.nodeIds().contains(id.toString()) && row.sentence().contains(name));
        assertThat(rows(ELSEWHERE, "gap_documents_never_embedded", 0))
                .noneMatch(row -> row.nodeIds().contains(id.toString()));
        // When
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            sql.query("SELECT make_embeddings_partition()");
            sql.execute("INSERT INTO embedding_models (model, dimensions, state) VALUES ('gap-test', 512, 'filling')");
            sql.execute("""
                    INSERT INTO embeddings (model, node_id, dimensions, text_hash, vector)
                    VALUES ('gap-test', ?, 512, '', array_fill(0.1::real, ARRAY[512])::public.vector)""", id);
            sql.commit();
        }
        // Then
        assertThat(rows(OWNER, "gap_documents_never_embedded", 0))
                .noneMatch(row -> row.nodeIds().contains(id.toString()));
    }

    @Test
    void shouldStillShowAnExpectationWhenSomebodyMovedItToOverdue() {
        // Given
        String id = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "x", "type": "expectation",
                          "props": {"kind": "commitment_made", "direction": "we_owe", "severity": "blocker", "due_at": "2026-01-05T12:00:00Z", "description_md": "Plan"}}]}""").byRef("x").id();
        // When
        OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"status\": \"overdue\"}]}", id);
        // Then
        assertThat(rows(OWNER, "overdue-expectations", 0))
                .filteredOn(row -> row.nodeIds().contains(id))
                .singleElement()
                .satisfies(row -> assertThat(row.severity()).isEqualTo("blocker"));
    }

    @Test
    void shouldSeeAConnectionForAsLongAsItHolds() {
        // Given: one drives it for ten more days by the clock of the database, another from then on
        String until = Instant.now().plus(10, ChronoUnit.DAYS).toString();
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "d", "type": "contact", "props": {"name": "Rui"}},
                         {"op": "create", "ref": "x", "type": "task", "props": {"title": "Still driven"}},
                         {"op": "create", "ref": "y", "type": "task", "props": {"title": "Driven later"}},
                         {"op": "link", "type": "driven_by", "from": "@x", "to": "@d", "valid_to": "%1$s"},
                         {"op": "link", "type": "driven_by", "from": "@y", "to": "@d", "valid_from": "%1$s"}]}""", until);
        String still = made.byRef("x").id();
        String later = made.byRef("y").id();
        // Then
        assertThat(amiss("gap_unassigned_tasks", 0)).contains(later).doesNotContain(still);
        assertThat(amiss("gap_unassigned_tasks", 11)).contains(still).doesNotContain(later);
    }

    @Test
    void shouldMissWhatIsConnectedToSomethingArchived() {
        // Given
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "d", "type": "contact", "props": {"name": "Rui"}},
                         {"op": "create", "ref": "e", "type": "entity", "props": {"name": "Frama"}},
                         {"op": "create", "ref": "s", "type": "turn_state", "status": "theirs", "props": {}},
                         {"op": "create", "ref": "t", "type": "task", "props": {"title": "T"}},
                         {"op": "create", "ref": "p", "type": "project", "props": {"name": "P"}},
                         {"op": "create", "ref": "c", "type": "contact", "props": {"name": "Ana"}},
                         {"op": "create", "ref": "k", "type": "conversation", "props": {"subject": "S"}},
                         {"op": "link", "type": "driven_by", "from": "@t", "to": "@d"},
                         {"op": "link", "type": "driven_by", "from": "@p", "to": "@d"},
                         {"op": "link", "type": "works_for", "from": "@c", "to": "@e"},
                         {"op": "link", "type": "has_turn_state", "from": "@k", "to": "@s"}]}""");
        Map<String, String> gaps = Map.of(
                "gap_unassigned_tasks", "t",
                "gap_projects_without_driver", "p",
                "gap_contacts_without_entity", "c",
                "gap_conversations_without_turn_state", "k");
        gaps.forEach((gap, ref) ->
                assertThat(amiss(gap, 0)).doesNotContain(made.byRef(ref).id()));
        // When
        OWNER.mutate(
                "{\"ops\": [{\"op\": \"archive\", \"id\": \"%s\"}, {\"op\": \"archive\", \"id\": \"%s\"}, {\"op\": \"archive\", \"id\": \"%s\"}]}",
                made.byRef("d").id(), made.byRef("e").id(), made.byRef("s").id());
        // Then
        gaps.forEach(
                (gap, ref) -> assertThat(amiss(gap, 0)).contains(made.byRef(ref).id()));
    }

    @Test
    void shouldMissATurnWhenOnlyATaskWasMadeOfIt() {
        // Given
        GapCase missed = GapCase.all().stream()
                .filter(gap -> gap.name().equals("gap_recurring_missed"))
                .findFirst()
                .orElseThrow();
        String id = missed.create().byRef("x").id();
        // When
        OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "t", "type": "task", "props": {"title": "Do it"}},
                         {"op": "link", "type": "spawned_from", "from": "@t", "to": "%s"}]}""", id);
        // Then
        assertThat(amiss(missed.name(), 0)).contains(id);
    }

    @Test
    void shouldMissTheInvoiceUntilOneIsOursAndForTheWork() {
        // Given: a supplier's bill, a proforma and a credit note
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "x", "type": "engagement", "status": "contract", "props": {"name": "Care"}},
                         {"op": "create", "ref": "p", "type": "project", "props": {"name": "Shop"}},
                         {"op": "create", "ref": "f", "type": "feature", "props": {"title": "Cart"}},
                         {"op": "create", "ref": "a", "type": "invoice", "props": {"number": "S/1", "direction": "received"}},
                         {"op": "create", "ref": "b", "type": "invoice", "props": {"number": "P/1", "kind": "proforma"}},
                         {"op": "create", "ref": "c", "type": "invoice", "props": {"number": "C/1", "kind": "credit_note"}},
                         {"op": "link", "type": "fulfills", "from": "@p", "to": "@x"},
                         {"op": "link", "type": "has_feature", "from": "@p", "to": "@f"},
                         {"op": "link", "type": "for_work", "from": "@a", "to": "@x"},
                         {"op": "link", "type": "for_work", "from": "@b", "to": "@p"},
                         {"op": "link", "type": "for_work", "from": "@c", "to": "@x"}]}""");
        String id = made.byRef("x").id();
        assertThat(amiss("gap_billing", 8)).contains(id);
        // When
        OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "i", "type": "invoice", "props": {"number": "F/1"}},
                         {"op": "link", "type": "for_work", "from": "@i", "to": "%s"}]}""", made.byRef("f").id());
        // Then
        assertThat(amiss("gap_billing", 8)).doesNotContain(id);
    }

    @Test
    void shouldMissTheNextTurnUntilSomebodySaysWhenItRecurs() {
        // Given
        String id = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "x", "type": "expectation",
                          "props": {"kind": "recurring_obligation", "direction": "we_owe", "description_md": "Report"}}]}""").byRef("x").id();
        assertThat(amiss("gap_recurring_missed", 0)).contains(id);
        // When
        OWNER.mutate("""
                {"ops": [{"op": "patch", "id": "%s", "props": {"rrule": "FREQ=MONTHLY", "due_at": "2040-01-01T09:00:00Z"}}]}""", id);
        // Then
        assertThat(amiss("gap_recurring_missed", 0)).doesNotContain(id);
    }

    @Test
    void shouldWaitForADocumentThatWasSentAndKeptItsStatus() {
        String id = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "x", "type": "document", "status": "final",
                          "props": {"title": "Offer", "kind": "proposal", "sent_at": "2026-01-05T12:00:00Z"}}]}""").byRef("x").id();
        assertThat(amiss("gap_unread_documents", 0)).contains(id);
        OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"status\": \"signed\"}]}", id);
        assertThat(amiss("gap_unread_documents", 0)).doesNotContain(id);
    }

    @Test
    void shouldListEveryGapWithItsCountAndWorstWhenAskedForAll() {
        // Given
        GapCase gap = GapCase.all().getFirst();
        gap.create();
        // When
        Gap.Summaries all = OWNER.get("/v1/gaps", Map.of(), Gap.Summaries.class);
        // Then
        assertThat(all.items())
                .extracting(Gap.Summary::name)
                .containsExactlyElementsOf(java.util.Arrays.stream(GapView.values())
                        .map(GapView::wireName)
                        .toList());
        assertThat(all.items()).hasSize(20).allSatisfy(summary -> {
            assertThat(summary.description()).endsWith(".");
            assertThat(summary.worstSeverity() == null).isEqualTo(summary.count() == 0);
        });
        Gap.Summary overdue = all.items().getFirst();
        assertThat(overdue.count()).isPositive();
        assertThat(overdue.oldestAgeSeconds()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(GapView.class)
    void shouldHaveACaseWhenThereIsAGap(GapView gap) {
        assertThat(gap == GapView.DOCUMENTS_NEVER_EMBEDDED
                        || GapCase.all().stream().anyMatch(c -> c.name().equals(gap.wireName())))
                .isTrue();
    }

    @Test
    void shouldTurnPagesWithoutLossWhenThereAreManyRows() {
        // Given
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            made.add(OWNER.mutate(
                            "{\"ops\": [{\"op\": \"create\", \"ref\": \"x\", \"type\": \"contact\", \"props\": {\"name\": \"Page %d\"}}]}",
                            i)
                    .byRef("x")
                    .id());
        }
        // When
        List<String> seen = new ArrayList<>();
        String after = null;
        do {
            Map<String, Object> query = after == null ? Map.of("limit", 2) : Map.of("limit", 2, "after", after);
            Gap.Page page = OWNER.get("/v1/gaps/contacts_without_entity", query, Gap.Page.class);
            page.items().forEach(row -> seen.add(row.nodeIds().getFirst()));
            after = page.next();
        } while (after != null);
        // Then
        assertThat(seen).doesNotHaveDuplicates().containsAll(made);
    }

    @Test
    void shouldRefuseWhenThereIsNoSuchGapPageOrTime() {
        assertThat(OWNER.request().get("/v1/gaps/gap_in_the_hedge").statusCode())
                .isEqualTo(404);
        assertThat(OWNER.request().get("/v1/gaps/gap_billing?limit=0").statusCode())
                .isEqualTo(422);
        assertThat(OWNER.request().get("/v1/gaps/gap_billing?after=x").statusCode())
                .isEqualTo(422);
        assertThat(OWNER.request().get("/v1/gaps?at=2020-01-01T00:00:00Z").statusCode())
                .isEqualTo(422);
    }

    private static List<String> amiss(String gap, int daysAhead) {
        return rows(OWNER, gap, daysAhead).stream()
                .map(row -> row.nodeIds().getFirst())
                .toList();
    }

    private static List<Gap> rows(GraphApi api, GapCase gap, int daysAhead) {
        return rows(api, gap.name(), daysAhead);
    }

    private static List<Gap> rows(GraphApi api, String gap, int daysAhead) {
        String at =
                Instant.now().plus(daysAhead, ChronoUnit.DAYS).plusSeconds(1).toString();
        List<Gap> all = new ArrayList<>();
        String after = null;
        do {
            Map<String, Object> query =
                    after == null ? Map.of("limit", 500, "at", at) : Map.of("limit", 500, "at", at, "after", after);
            Gap.Page page = api.get("/v1/gaps/" + gap, query, Gap.Page.class);
            all.addAll(page.items());
            after = page.next();
        } while (after != null);
        return all;
    }
}
