package org.capitania.embedded;

import org.capitania.testkit.FleetRules;

/** Stands here because test-kit itself is built on embedded. */
class EmbeddedRulesTest extends FleetRules {}
