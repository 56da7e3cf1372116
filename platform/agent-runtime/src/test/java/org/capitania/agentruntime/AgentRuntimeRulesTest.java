package org.capitania.agentruntime;

import org.capitania.testkit.FleetRules;

class AgentRuntimeRulesTest extends FleetRules {}
