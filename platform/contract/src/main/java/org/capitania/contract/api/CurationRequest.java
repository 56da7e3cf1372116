package org.capitania.contract.api;

import java.util.List;

/** The tools an agent's workspace declares ({@code POST /v1/agents/{role}/curation}), sent at start with the agent's own token. */
public record CurationRequest(List<String> tools, String workspaceVersion) {}
