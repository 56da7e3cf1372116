package org.capitania.embedding;

import org.capitania.testkit.FleetRules;

class EmbeddingRulesTest extends FleetRules {}
