package org.capitania.approval.annotation;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.api.AnnotationRequest;
import org.capitania.contract.api.AnnotationView;
import org.capitania.contract.event.OwnerGraded;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.orm.Orm;
import org.jspecify.annotations.Nullable;

/** Stores grades and tells of them ({@code owner.graded}); a second thought is a new row. */
@ApplicationScoped
public class Annotations {
    private static final Set<String> GRADES = Set.of("good", "bad", "missing", "unnecessary");
    private static final int LONGEST_NOTE = 4_000;
    private static final int LONGEST_LIST = 1_000;

    private final Orm orm;
    private final Ids ids;
    private final Clock clock;

    Annotations(Orm orm, Ids ids, Clock clock) {
        this.orm = orm;
        this.ids = ids;
        this.clock = clock;
    }

    /** Stores the grade; whoever calls has seen to it that the actor of the scope is a person. */
    public AnnotationView grade(Scope scope, String actionId, AnnotationRequest request) {
        String note = blankToNull(request.note());
        if (request.grade() == null || !GRADES.contains(request.grade())) {
            throw invalid("/grade", String.valueOf(request.grade()), "good, bad, missing or unnecessary");
        }
        if (request.grade().equals("missing") && note == null) {
            throw invalid("/note", "nothing", "what should have happened after this step");
        }
        if (note != null && note.length() > LONGEST_NOTE) {
            throw invalid("/note", note.length() + " characters", "at most " + LONGEST_NOTE + " characters");
        }
        UUID id = ids.v7();
        AnnotationView view = new AnnotationView(
                id.toString(),
                actionId,
                blankToNull(request.taskId()),
                request.grade(),
                note,
                scope.actor(),
                clock.instant());
        OwnerGraded graded = new OwnerGraded(
                view.id(),
                view.actionId(),
                view.taskId(),
                view.grade(),
                view.note(),
                view.annotator(),
                view.createdAt());
        return orm.tx(
                scope,
                tx -> tx.session()
                        .persist(AnnotationRow.of(view, id))
                        .chain(() -> tx.publish(OwnerGraded.TYPE, actionId, graded))
                        .replaceWith(view));
    }

    /** The grades of a task's acts, oldest first, so that the last one of an act is the one that stands. */
    public List<AnnotationView> ofTask(Scope scope, String taskId) {
        return list(scope, "taskId", taskId);
    }

    List<AnnotationView> ofAction(Scope scope, String actionId) {
        return list(scope, "actionId", actionId);
    }

    /** All grades since then, oldest first; of very many the newest. */
    List<AnnotationView> since(Scope scope, Instant since) {
        return orm.tx(
                scope,
                tx -> tx.session()
                        .createSelectionQuery(
                                "FROM AnnotationRow WHERE createdAt >= :since ORDER BY createdAt DESC, id DESC",
                                AnnotationRow.class)
                        .setParameter("since", since)
                        .setMaxResults(LONGEST_LIST)
                        .getResultList()
                        .map(rows -> rows.reversed().stream()
                                .map(AnnotationRow::view)
                                .toList()));
    }

    private List<AnnotationView> list(Scope scope, String column, String value) {
        return orm.tx(
                scope,
                tx -> tx.session()
                        .createSelectionQuery(
                                "FROM AnnotationRow WHERE " + column + " = :value ORDER BY createdAt, id",
                                AnnotationRow.class)
                        .setParameter("value", value)
                        .setMaxResults(LONGEST_LIST)
                        .getResultList()
                        .map(rows -> rows.stream().map(AnnotationRow::view).toList()));
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static CapitaniaException invalid(String path, String found, String allowed) {
        return new CapitaniaException(
                ErrorCode.SCHEMA_VIOLATION,
                "the grade cannot be stored: " + path.substring(1) + " is " + found + ", expected " + allowed,
                List.of(new FieldError(path, found, allowed, "found " + found + ", expected " + allowed)));
    }
}
