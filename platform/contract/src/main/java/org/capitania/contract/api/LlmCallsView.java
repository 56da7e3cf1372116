package org.capitania.contract.api;

import java.util.List;
import org.capitania.contract.event.LlmCall;

/** Model calls, oldest first ({@code GET /v1/llm-calls?since=}). */
public record LlmCallsView(List<LlmCall> items) {}
