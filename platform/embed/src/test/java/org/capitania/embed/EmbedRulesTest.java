package org.capitania.embed;

import org.capitania.testkit.FleetRules;

class EmbedRulesTest extends FleetRules {}
