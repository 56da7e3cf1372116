package org.capitania.contract.api;

import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/actions/{id}/annotations}: an owner's grade of one act.
 *
 * @param grade good, bad, missing or unnecessary; missing means that a step is missing after this act, and needs a note
 */
public record AnnotationRequest(
        String grade, @Nullable String note, @Nullable String taskId) {}
