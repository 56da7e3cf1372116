package org.capitania.watchdog;

import org.capitania.testkit.FleetRules;

class WatchdogRulesTest extends FleetRules {}
