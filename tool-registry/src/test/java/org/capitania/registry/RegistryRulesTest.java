package org.capitania.registry;

import org.capitania.testkit.FleetRules;

class RegistryRulesTest extends FleetRules {}
