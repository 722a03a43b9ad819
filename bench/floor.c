/* The smallest runner of one command: floor FILE COMMAND. Its output goes straight into the file. */
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

int main(int count, char **words) {
  int status = 1;
  pid_t child;
  posix_spawn_file_actions_t actions;
  if (count != 3) return 2;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, words[1], O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  char *command[] = {"sh", "-c", words[2], 0};
  if (posix_spawn(&child, "/bin/sh", &actions, 0, command, environ) != 0) return 1;
  waitpid(child, &status, 0);
  return status == 0 ? 0 : 1;
}
