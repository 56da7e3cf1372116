package org.capitania.approval;

import org.capitania.testkit.FleetRules;

class ApprovalRulesTest extends FleetRules {}
