package org.capitania.cli;

import org.capitania.testkit.FleetRules;

class CliRulesTest extends FleetRules {}
