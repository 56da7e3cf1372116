package org.capitania.graph;

import org.capitania.testkit.FleetRules;

class GraphRulesTest extends FleetRules {}
