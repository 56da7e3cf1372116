package org.capitania.contract.api;

import java.util.List;

/**
 * What an agent may call.
 *
 * @param granted the tools it asked for and may have, in catalogue order
 * @param refused those it asked for and may not have, or that do not exist
 */
public record CurationView(String role, List<String> granted, List<String> refused, String workspaceVersion) {}
