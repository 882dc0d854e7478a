/** Short programs over the library: a folder of radiographs enters, text on the console leaves. */
package org.deepcovid.examples;
