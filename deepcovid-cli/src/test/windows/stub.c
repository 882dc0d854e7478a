/* Stands for java.exe, mvn or powershell: prints how it was called; ends with the code of a variable. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int wish(const char *variable) {
    const char *code = getenv(variable);
    return code ? atoi(code) : 0;
}

int main(int argc, char **argv) {
    char folder[MAX_PATH];
    char self[MAX_PATH];
    GetCurrentDirectoryA(sizeof folder, folder);
    GetModuleFileNameA(NULL, self, sizeof self);
    printf("ran [%s] in [%s]", self, folder);
    for (int i = 1; i < argc; i++) {
        printf(" [%s]", argv[i]);
    }
    printf("\n");
    fflush(stdout);
    return wish(strstr(self, "mvn") ? "STUB_MVN_CODE" : "STUB_CODE");
}
