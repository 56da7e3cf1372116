package org.capitania.agentruntime.transcript;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.capitania.agentruntime.transcript.SessionEntry.Returned;

/**
 * Finds what a long conversation can do without: results of tools that nothing said or called since refers to. Everything else stays word for
 * word, and what is left out can be had again by the same call. It follows from the transcript alone.
 */
public final class Compaction {
    /** Results of so many last turns stay, spoken of or not: the model is at work on them. */
    private static final int FRESH = 2;

    /** How many turns back a mention counts; nearer, where that does not make room enough. */
    private static final List<Integer> HORIZONS = List.of(1_000, 20, 8, FRESH);

    /** In characters; what is smaller is not worth a note that it is gone. */
    private static final int SMALL = 300;

    /** What one refers to a record by: an id, a slug with its type, an address, a path. Bounded: it runs over whatever came from outside. */
    private static final Pattern NAME = Pattern.compile(
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
                    + "|[a-z_]{2,30}:[a-z0-9][a-z0-9._-]{1,80}|[\\w.-]{1,64}@[\\w.-]{3,80}|[\\w.-]{1,80}(?:/[\\w.-]{1,80}){1,8}");

    private record Candidate(Returned returned, Set<String> names) {}

    private Compaction() {}

    /** The calls whose results go, the oldest first, so that about {@code tokens} become free; as many as can when that is fewer. */
    public static List<String> plan(Transcript transcript, long tokens) {
        List<Set<String>> spoken =
                transcript.replies().stream().map(Compaction::names).toList();
        List<Candidate> candidates = candidates(transcript, spoken.size());
        List<String> plan = List.of();
        for (int horizon : HORIZONS) {
            plan = candidates.stream()
                    .filter(candidate -> !cited(candidate, spoken, horizon))
                    .map(candidate -> candidate.returned().callId())
                    .toList();
            if (frees(transcript, plan) >= tokens) {
                return plan;
            }
        }
        return plan;
    }

    /** What a plan frees, in tokens. */
    public static long frees(Transcript transcript, List<String> plan) {
        Set<String> calls = new HashSet<>(plan);
        return transcript.all(Returned.class).stream()
                .filter(returned -> calls.contains(returned.callId()))
                .mapToLong(ContextSize::size)
                .sum();
    }

    private static List<Candidate> candidates(Transcript transcript, int turns) {
        Set<String> gone = transcript.leftOut();
        List<Candidate> candidates = new ArrayList<>();
        for (Returned returned : transcript.all(Returned.class)) {
            String content = returned.content().toString();
            if (returned.turn() < turns - FRESH && content.length() > SMALL && !gone.contains(returned.callId())) {
                candidates.add(new Candidate(returned, names(content)));
            }
        }
        return candidates;
    }

    /** Whether a turn after the call's own, and not further back than the horizon, names something that stands in the result. */
    private static boolean cited(Candidate candidate, List<Set<String>> spoken, int horizon) {
        int from = Math.max(candidate.returned().turn() + 1, spoken.size() - horizon);
        return spoken.subList(Math.min(from, spoken.size()), spoken.size()).stream()
                .anyMatch(names -> names.stream().anyMatch(candidate.names()::contains));
    }

    private static Set<String> names(Reply reply) {
        StringBuilder said = new StringBuilder(reply.text());
        reply.calls().forEach(call -> said.append('\n').append(call.arguments()));
        return names(said);
    }

    private static Set<String> names(CharSequence text) {
        return NAME.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
    }
}
