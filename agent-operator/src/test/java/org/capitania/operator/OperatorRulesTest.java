package org.capitania.operator;

import org.capitania.testkit.FleetRules;

class OperatorRulesTest extends FleetRules {}
