package org.capitania.testkit;

class TestKitRulesTest extends FleetRules {}
