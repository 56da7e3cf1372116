package org.capitania.chief;

import org.capitania.testkit.FleetRules;

class ChiefRulesTest extends FleetRules {}
