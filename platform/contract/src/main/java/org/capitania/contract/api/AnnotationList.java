package org.capitania.contract.api;

import java.util.List;

/** {@code GET /v1/annotations?task_id=} or {@code ?since=}: oldest first. */
public record AnnotationList(List<AnnotationView> items) {}
