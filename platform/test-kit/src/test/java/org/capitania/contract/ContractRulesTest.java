package org.capitania.contract;

import org.capitania.testkit.FleetRules;

/** Stands here because test-kit itself is built on contract. */
class ContractRulesTest extends FleetRules {}
