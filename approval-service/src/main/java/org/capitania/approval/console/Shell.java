package org.capitania.approval.console;

/**
 * What every page of the console has around its content.
 *
 * @param token what forms carry
 * @param assets changes when the style or the script does
 */
record Shell(String title, String here, String who, String token, long waiting, String assets) {}
