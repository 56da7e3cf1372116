package org.capitania.ingest.intake;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is decided before the graph is written, and kept, so that every attempt writes the same.
 *
 * @param root the message id that names the thread
 * @param conversationId the conversation, when it is in the graph under another name than its root
 * @param entities by address the entity its owner works for
 */
record LinkPlan(String root, @Nullable String conversationId, Map<String, String> entities) {}
