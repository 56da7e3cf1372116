package org.capitania.approval.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capitania.approval.annotation.Annotations;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.ActionView;
import org.capitania.contract.api.ActionsView;
import org.capitania.contract.api.AnnotationView;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** Reads what an agent did for a task from tool-registry, and puts the grades of this service beside it. */
@ApplicationScoped
class TrajectoryReader {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int LONGEST_TEXT = 6_000;
    private static final int LONGEST_GIST = 140;
    private static final List<String> POINTS = List.of("text", "question", "query", "subject", "slug", "id", "name");

    private final Peers peers;
    private final Annotations annotations;
    private final Clock clock;

    TrajectoryReader(Peers peers, Annotations annotations, Clock clock) {
        this.peers = peers;
        this.annotations = annotations;
        this.clock = clock;
    }

    Trajectory read(Scope scope, String taskId) {
        ActionsView actions = peers.get(
                Service.TOOL_REGISTRY,
                "/v1/actions?task_id=" + URLEncoder.encode(taskId, StandardCharsets.UTF_8),
                scope,
                ActionsView.class,
                PeerOptions.DEFAULT.withTimeout(PATIENCE).onBehalfOf(scope.actor()));
        Map<String, AnnotationView> grades = annotations.ofTask(scope, taskId).stream()
                .collect(Collectors.toMap(AnnotationView::actionId, Function.identity(), (earlier, later) -> later));
        List<Trajectory.Step> steps = new ArrayList<>();
        for (ActionView action : actions.actions()) {
            steps.add(step(action, steps.size() + 1, grades.get(action.id())));
        }
        BigDecimal cost = actions.actions().stream().map(ActionView::costUsd).reduce(BigDecimal.ZERO, BigDecimal::add);
        String agent = actions.agent();
        return new Trajectory(
                agent == null ? null : Words.name(agent), actions.model(), List.copyOf(steps), dollars(cost));
    }

    private Trajectory.Step step(ActionView action, int number, @Nullable AnnotationView grade) {
        Long millis = action.durationMs();
        return new Trajectory.Step(
                action.id(),
                number,
                Words.step(action.tool()),
                action.tool(),
                action.status(),
                gist(action.input()),
                pretty(action.input()),
                pretty(action.output()),
                millis == null ? null : millis < 1000 ? millis + " ms" : "%.1f s".formatted(millis / 1000.0),
                action.costUsd().signum() == 0 ? null : dollars(action.costUsd()),
                Moment.of(action.at(), clock.instant()),
                grade == null ? action.grade() : grade.grade(),
                grade == null ? null : grade.note());
    }

    /** The first of the arguments that say what it was about. */
    private static @Nullable String gist(@Nullable JsonNode input) {
        if (input == null) {
            return null;
        }
        return Stream.concat(POINTS.stream().map(input::path), Stream.of(input.path("to")))
                .filter(JsonNode::isTextual)
                .map(n -> Addresses.readable(n.asText().strip().replaceAll("\\s+", " ")))
                .filter(s -> !s.isEmpty())
                .map(s -> s.length() <= LONGEST_GIST ? s : s.substring(0, LONGEST_GIST) + "…")
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String pretty(@Nullable JsonNode json) {
        if (json == null || json.isNull() || json.isMissingNode()) {
            return null;
        }
        try {
            String text = Addresses.readable(
                    json.isTextual()
                            ? json.asText()
                            : Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json));
            return text.length() <= LONGEST_TEXT
                    ? text
                    : text.substring(0, LONGEST_TEXT) + "\n… " + (text.length() - LONGEST_TEXT) + " characters more";
        } catch (JsonProcessingException e) {
            throw new CapitaniaException(ErrorCode.INTERNAL, "an act cannot be written as JSON", e);
        }
    }

    private static String dollars(BigDecimal usd) {
        return "$"
                + usd.setScale(usd.signum() == 0 ? 0 : 4, RoundingMode.HALF_UP).toPlainString();
    }
}
