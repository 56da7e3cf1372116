package org.capitania.ingest;

import org.capitania.testkit.FleetRules;

class IngestRulesTest extends FleetRules {}
