package org.capitania.registry.brief;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.capitania.contract.Service;
import org.capitania.contract.api.Gap;
import org.capitania.contract.api.Projection;
import org.capitania.contract.api.ProposalList;
import org.capitania.contract.api.ProposalView;
import org.capitania.contract.api.ReviewList;
import org.capitania.contract.api.ReviewList.Review;
import org.capitania.registry.graph.Graph;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;

/** What waits, what is missing and how the deals stand, as the other services tell it. */
@ApplicationScoped
class CompanyFacts {
    /** Seeds 17.7: when drafts wait longer, the owner had better let some go without asking. */
    private static final double PATIENCE_HOURS = 4;

    private static final int PAGE = 500;
    private static final int MOST = 5;
    private static final int GAPS = 8;
    private static final List<String> WORST_FIRST = List.of("blocker", "impactful", "nice");

    private final Peers peers;
    private final Graph graph;

    CompanyFacts(Peers peers, Graph graph) {
        this.peers = peers;
        this.graph = graph;
    }

    void queue(Scope scope, Instant now, Section section) {
        PeerOptions asked = PeerOptions.DEFAULT.onBehalfOf(scope.actor());
        List<ProposalView> waiting = peers
                .get(
                        Service.APPROVAL_SERVICE,
                        "/v1/proposals?status=pending,stale&limit=" + PAGE,
                        scope,
                        ProposalList.class,
                        asked)
                .items()
                .stream()
                .sorted(Comparator.comparing(ProposalView::createdAt))
                .toList();
        List<Double> ages = waiting.stream().map(p -> hours(p.createdAt(), now)).toList();
        section.figure("waiting", waiting.size(), "proposals");
        if (!waiting.isEmpty()) {
            section.figure("oldest", hours(waiting.getFirst().createdAt(), now), "hours");
            section.figure("median_age", Readiness.median(ages).orElse(0), "hours", PATIENCE_HOURS);
        }
        waiting.stream().limit(MOST).forEach(proposal -> {
            if (proposal.tainted()) {
                section.tainted("proposal:" + proposal.id());
            }
            section.item()
                    .put("id", proposal.id())
                    .put("summary", BriefFacts.cut(proposal.summary()))
                    .put("since", proposal.createdAt().toString());
        });
        List<Review> reviews = peers.get(
                        Service.APPROVAL_SERVICE, "/v1/reviews?status=open", scope, ReviewList.class, asked)
                .items();
        section.figure("reviews", reviews.size(), "questions");
        reviews.stream()
                .map(Review::createdAt)
                .min(Comparator.naturalOrder())
                .ifPresent(oldest -> section.figure("oldest_review", hours(oldest, now), "hours"));
    }

    /** Each gap that has rows, the worst first, with the worst row of the first few. */
    void gaps(Scope scope, Section section) {
        List<Gap.Summary> gaps = gaps(scope);
        section.figure("gaps", gaps.size(), "views with rows");
        section.figure("missing", gaps.stream().mapToLong(Gap.Summary::count).sum(), "rows");
        for (Gap.Summary gap : gaps) {
            ObjectNode item = section.item()
                    .put("name", gap.name())
                    .put("description", gap.description())
                    .put("count", gap.count())
                    .put("agent", gap.agent());
            if (gap.oldest() != null) {
                item.put("since", gap.oldest().toString());
            }
            if (gaps.indexOf(gap) < GAPS) {
                worst(scope, gap, item, section);
            }
        }
    }

    private List<Gap.Summary> gaps(Scope scope) {
        return peers.get(Service.GRAPH_SERVICE, "/v1/gaps", scope, Gap.Summaries.class).items().stream()
                .filter(gap -> gap.count() > 0)
                .sorted(Comparator.comparingInt(CompanyFacts::rank)
                        .thenComparing(Gap.Summary::count, Comparator.reverseOrder()))
                .toList();
    }

    /** Those that do not wait for a day with news: the worst, and what was expected and is overdue. */
    List<Gap.Summary> pressing(Scope scope) {
        return gaps(scope).stream()
                .filter(gap -> rank(gap) == 0 || gap.name().equals("gap_overdue_expectations"))
                .toList();
    }

    private void worst(Scope scope, Gap.Summary gap, ObjectNode item, Section section) {
        peers.get(Service.GRAPH_SERVICE, "/v1/gaps/" + gap.name() + "?limit=1", scope, Gap.Page.class).items().stream()
                .findFirst()
                .ifPresent(row -> {
                    item.put("worst", BriefFacts.cut(row.sentence()));
                    if (row.tainted()) {
                        row.nodeIds().forEach(id -> section.tainted("node:" + id));
                    }
                });
    }

    private static int rank(Gap.Summary gap) {
        int rank = WORST_FIRST.indexOf(String.valueOf(gap.worstSeverity()));
        return rank < 0 ? WORST_FIRST.size() : rank;
    }

    /** By stage and currency, and the deals with the most at risk. */
    void pipeline(Scope scope, Section section) {
        Projection pipeline =
                peers.get(Service.GRAPH_SERVICE, "/v1/projections/pipeline?limit=" + PAGE, scope, Projection.class);
        List<JsonNode> deals = pipeline.items().stream()
                .filter(deal -> !deal.path("stage").asText().equals("declined"))
                .toList();
        section.figure("deals", deals.size(), "deals");
        Map<String, List<JsonNode>> byCurrency = by(deals, "currency");
        byCurrency.forEach((currency, some) -> {
            section.figure("value", sum(some, "value"), currency);
            section.figure("forecast", sum(some, "forecast"), currency);
            section.figure("at_risk", sum(some, "revenue_at_risk"), currency);
        });
        by(deals, "stage")
                .forEach((stage, some) -> section.item().put("stage", stage).put("count", some.size()));
        deals.stream()
                .filter(deal -> deal.path("revenue_at_risk").asDouble() > 0)
                .sorted(Comparator.comparingDouble(
                        deal -> -deal.path("revenue_at_risk").asDouble()))
                .limit(MOST)
                .forEach(deal -> risky(scope, deal, section));
    }

    private void risky(Scope scope, JsonNode deal, Section section) {
        graph.detail(scope, deal.path("engagement_id").asText()).ifPresent(detail -> {
            ObjectNode item = BriefFacts.item(section, detail.node())
                    .put("stage", deal.path("stage").asText())
                    .put("age_days", deal.path("age_days").asInt())
                    .put("at_risk", Section.decimal(deal.path("revenue_at_risk").asDouble()))
                    .put("currency", currency(deal));
            deal.path("risk_signals").forEach(item.putArray("signals")::add);
        });
    }

    private static Map<String, List<JsonNode>> by(List<JsonNode> deals, String member) {
        Map<String, List<JsonNode>> groups = new TreeMap<>();
        deals.forEach(deal -> groups.computeIfAbsent(
                        member.equals("currency")
                                ? currency(deal)
                                : deal.path(member).asText(),
                        key -> new ArrayList<>())
                .add(deal));
        return groups;
    }

    private static String currency(JsonNode deal) {
        return deal.path("currency").asText("EUR");
    }

    private static double sum(List<JsonNode> deals, String member) {
        return deals.stream().mapToDouble(deal -> deal.path(member).asDouble()).sum();
    }

    private static double hours(Instant since, Instant now) {
        return Duration.between(since, now).toSeconds() / 3600.0;
    }
}
