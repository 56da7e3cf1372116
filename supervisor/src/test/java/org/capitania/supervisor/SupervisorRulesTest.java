package org.capitania.supervisor;

import org.capitania.testkit.FleetRules;

class SupervisorRulesTest extends FleetRules {}
