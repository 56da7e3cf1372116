package org.capitania.registry.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capitania.contract.Service;
import org.capitania.contract.api.Duplicates;
import org.capitania.contract.api.Duplicates.Pair;
import org.capitania.contract.api.NodeView.Brief;
import org.capitania.registry.handler.Call;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Sql;

/** Records that may be there twice: of each pair it depends on the rules, on a model's word and on a person's what becomes of it. */
@ApplicationScoped
class ReconcilePairs {
    static final String KIND = "duplicate";
    static final String SAME = "same";
    static final String DIFFERENT = "different";

    private static final int COMPARED = 200;
    private static final List<String> TYPES = List.of("entity", "contact");

    private final Peers peers;
    private final Verdicts verdicts;
    private final PairWork work;
    private final Answers answers;
    private final Sql sql;

    ReconcilePairs(Peers peers, Verdicts verdicts, PairWork work, Answers answers, Sql sql) {
        this.answers = answers;
        this.sql = sql;
        this.peers = peers;
        this.verdicts = verdicts;
        this.work = work;
    }

    /** Both ways round: the question is whether the two are one. */
    static String subject(Pair pair) {
        return KIND + ":"
                + Stream.of(pair.goes().id(), pair.stays().id()).sorted().collect(Collectors.joining(":"));
    }

    /** Looks through the pairs that there are, or those that were asked for. */
    void find(Call call, ArrayNode items, Set<String> outside) {
        String only = call.textOrNull("type");
        List<String> refs = call.texts("refs");
        boolean all = only == null && refs.isEmpty() && call.textOrNull("since") == null;
        PairWork.Round round = work.round(call, items, outside);
        for (String type : only == null ? TYPES : List.of(only)) {
            List<Pair> found = found(call, type);
            all &= found.size() < COMPARED;
            found.stream()
                    .filter(pair -> refs.isEmpty()
                            || refs.contains(subject(pair))
                            || named(refs, pair.goes())
                            || named(refs, pair.stays()))
                    .forEach(round::at);
        }
        if (all) {
            round.close();
        }
    }

    /** Takes a model's verdicts; a pair that is not found now is none. */
    void judged(Call call, ArrayNode items, Set<String> outside) {
        List<Pair> known =
                TYPES.stream().flatMap(type -> found(call, type).stream()).toList();
        List<Pair> judged = new ArrayList<>();
        for (JsonNode verdict : call.arguments().path("verdicts")) {
            String ref = verdict.path("ref").asText();
            String into = verdict.path("into").asText();
            Optional<Pair> meant = known.stream()
                    .filter(pair -> named(List.of(ref, into), pair.goes()) && named(List.of(ref, into), pair.stays()))
                    .findFirst();
            if (meant.isEmpty()) {
                ObjectNode line =
                        items.addObject().put("ref", ref).put("into", into).put("score", 0);
                line.put("state", "refused")
                        .put("problem", "the two are no pair: name ref and into as they were given");
                continue;
            }
            Pair pair = meant.get();
            verdicts.keep(
                    call,
                    subject(pair),
                    new Verdict(
                            verdict.path("verdict").asText(),
                            verdict.path("confidence").asDouble(),
                            verdict.path("why").asText(),
                            pair.score()));
            judged.add(pair);
        }
        PairWork.Round round = work.round(call, items, outside);
        judged.forEach(round::at);
    }

    /** Pairs that a person has settled are left out: they would hide others. */
    private List<Pair> found(Call call, String type) {
        String since = call.textOrNull("since");
        List<String> without = sql.read(call.scope(), answers::settled).stream()
                .map(subject -> subject.substring(KIND.length() + 1))
                .toList();
        return peers.post(
                        Service.GRAPH_SERVICE,
                        "/v1/reconciliation/duplicates",
                        call.scope(),
                        new Duplicates.Query(
                                type,
                                since == null
                                        ? null
                                        : OffsetDateTime.parse(since).toInstant(),
                                COMPARED,
                                without),
                        Duplicates.class)
                .items();
    }

    static boolean named(List<String> refs, Brief node) {
        return refs.contains(node.id()) || refs.contains(node.slug());
    }
}
